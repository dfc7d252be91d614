"""An update shifts traffic as its deployment configuration says, and loses no request."""

from __future__ import annotations

import pytest
from endpoint_site import Site, blue_green, rolling
from sagemaker_studio import until


@pytest.fixture
def site(studio, unique):
    made = Site(studio, unique)
    yield made
    for name in made.made:
        made.settled(name)
        studio.sagemaker.delete_endpoint(EndpointName=name)


def test_a_canary_gets_its_share_and_then_everything(site):
    name = site.endpoint(site.config("blue"))
    green = site.config("green")
    deployment = blue_green("CANARY", wait=6, end=1, CanarySize=20)
    with site.load(name) as seen:
        site.update(name, green, DeploymentConfig=deployment)
        told = site.reached(name, "Baking")
        # Exactly a fifth of all requests, and some of them are the load's.
        assert 2 <= site.colours(name, 20)["green"] <= 6
        after = site.settled(name)
    assert after["EndpointConfigName"] == green
    assert "PendingDeploymentSummary" not in after
    assert after["LastDeploymentConfig"] == deployment
    assert set(seen[name]) == {"blue", "green"}
    assert site.colours(name, 5) == {"green": 5}

    assert told["EndpointStatus"] == "Updating"
    assert told["EndpointConfigName"] != green
    pending = told["PendingDeploymentSummary"]
    variant = pending["ProductionVariants"][0]
    assert pending["EndpointConfigName"] == green
    assert (variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]) == (1, 1)
    assert variant["VariantStatus"][0]["StatusMessage"] == (
        "Baking for 6 seconds (WaitIntervalInSeconds) with traffic enabled on canary capacity of "
        "1 instance(s)."
    )


def test_a_linear_shift_takes_as_many_steps_as_it_needs(site):
    name = site.endpoint(site.config("blue"))
    deployment = blue_green("LINEAR", wait=5, LinearStepSize=50)
    site.update(name, site.config("green"), DeploymentConfig=deployment)
    site.reached(name, "Baking")
    assert site.colours(name, 10) == {"blue": 5, "green": 5}
    assert site.settled(name)["EndpointStatus"] == "InService"
    assert site.colours(name, 4) == {"green": 4}


def test_a_rolling_update_never_has_more_than_a_batch_too_many(site):
    name = site.endpoint(site.config("blue", count=2))
    deployment = rolling(wait=2, MaximumBatchSize=1)
    with site.load(name) as seen:
        site.update(name, site.config("green", count=2), DeploymentConfig=deployment)
        told = site.reached(name, "Baking")
        after = site.settled(name)
    assert told["ProductionVariants"][0]["CurrentInstanceCount"] == 2
    pending = told["PendingDeploymentSummary"]["ProductionVariants"][0]
    assert (pending["CurrentInstanceCount"], pending["DesiredInstanceCount"]) == (1, 2)
    assert after["ProductionVariants"][0]["CurrentInstanceCount"] == 2
    assert set(seen[name]) == {"blue", "green"}
    assert site.colours(name, 4) == {"green": 4}


def test_the_last_deployment_configuration_is_used_again(site):
    deployment = blue_green("CANARY", wait=5, CanarySize=50)
    name = site.endpoint(site.config("blue"), DeploymentConfig=deployment)
    assert site.described(name)["LastDeploymentConfig"] == deployment
    site.update(name, site.config("green"), RetainDeploymentConfig=True)
    site.reached(name, "Baking")
    assert site.colours(name, 4) == {"blue": 2, "green": 2}
    assert site.settled(name)["EndpointStatus"] == "InService"


def test_weights_and_numbers_are_changed_and_retained(site):
    name = site.endpoint(site.config("blue"))
    change = {"VariantName": "all", "DesiredWeight": 3, "DesiredInstanceCount": 2}
    site.studio.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=[change]
    )
    variant = site.settled(name)["ProductionVariants"][0]
    assert (variant["CurrentWeight"], variant["CurrentInstanceCount"]) == (3, 2)
    exclude = [{"VariantPropertyType": "DesiredWeight"}]
    site.update(
        name,
        site.config("green"),
        RetainAllVariantProperties=True,
        ExcludeRetainedVariantProperties=exclude,
    )
    variant = site.settled(name)["ProductionVariants"][0]
    assert (variant["CurrentWeight"], variant["DesiredInstanceCount"]) == (1, 2)
    site.update(name, site.config("blue"))
    assert site.settled(name)["ProductionVariants"][0]["CurrentInstanceCount"] == 1


def test_a_process_that_ends_is_replaced_and_another_one_answers(site):
    name = site.endpoint(site.config("blue", count=2))
    runtime = site.studio.client("sagemaker-runtime")
    with pytest.raises(runtime.exceptions.ModelError, match="did not answer") as raised:
        runtime.invoke_endpoint(EndpointName=name, Body=b"die")
    assert raised.value.response["OriginalStatusCode"] == 0
    assert site.colours(name, 6) == {"blue": 6}
    until(lambda: {"whole": instances(site, name) == 2}, "whole", False)
    assert site.colours(name, 6) == {"blue": 6}


def instances(site, name):
    return site.described(name)["ProductionVariants"][0]["CurrentInstanceCount"]
