"""What goes wrong leads back to the old fleet, and clients notice no more than the canary."""

from __future__ import annotations

import time
from typing import Any

import pytest
from endpoint_site import Site, blue_green, rolling


@pytest.fixture
def site(studio, unique):
    made = Site(studio, unique)
    yield made
    for name in made.made:
        made.settled(name)
        studio.sagemaker.delete_endpoint(EndpointName=name)


def on_new(name: str, config: str, metric: str, threshold: float) -> dict[str, Any]:
    """Settings of an alarm on the new fleet alone."""
    dimensions = {"EndpointName": name, "VariantName": "all", "EndpointConfigName": config}
    return {
        "Namespace": "AWS/SageMaker",
        "MetricName": metric,
        "Dimensions": [{"Name": k, "Value": v} for k, v in dimensions.items()],
        "Statistic": "Average",
        "Threshold": threshold,
        "TreatMissingData": "notBreaching",
    }


def test_canaries_of_bad_models_roll_back_by_themselves(site):
    blue, slow_blue = site.config("blue"), site.config("blue")
    failing, slow = site.endpoint(blue), site.endpoint(slow_blue)
    broken = site.config("green", environment={"FAILS": "1"})
    slowed = site.config("green", environment={"SLOW": "0.3"})
    errors = site.alarm(**on_new(failing, broken, "Invocation5XXErrors", 0.5))
    latency = site.alarm(**on_new(slow, slowed, "ModelLatency", 200_000))
    with site.load(failing, slow) as seen:
        for name, config, alarm in ((failing, broken, errors), (slow, slowed, latency)):
            deployment = blue_green("CANARY", alarm, wait=600, CanarySize=20)
            site.update(name, config, DeploymentConfig=deployment)
        after = {name: site.settled(name) for name in (failing, slow)}
    for name, config, alarm in ((failing, blue, errors), (slow, slow_blue, latency)):
        assert after[name]["EndpointStatus"] == "InService"
        assert after[name]["EndpointConfigName"] == config
        assert alarm in after[name]["FailureReason"]
        assert set(seen[name]) == {"blue", "500" if name == failing else "green"}
        assert site.colours(name, 5) == {"blue": 5}
    # The share holds of all requests while the canary lived, so it does of these, too.
    assert seen[failing]["500"] <= 0.2 * seen[failing].total() + 1
    assert seen[slow]["green"] <= 0.2 * seen[slow].total() + 1


def test_an_alarm_rolls_back_in_the_last_look_too(site):
    blue = site.config("blue")
    name, alarm = site.endpoint(blue), site.alarm()
    with site.load(name) as seen:
        deployment = blue_green("ALL_AT_ONCE", alarm, end=600)
        site.update(name, site.config("green"), DeploymentConfig=deployment)
        site.reached(name, "Baking")
        assert site.colours(name, 4) == {"green": 4}
        site.set_alarm(alarm, "ALARM")
        after = site.settled(name)
        assert site.colours(name, 4) == {"blue": 4}
    assert after["EndpointConfigName"] == blue
    assert set(seen[name]) == {"blue", "green"}


def test_an_alarm_that_is_set_already_lets_no_deployment_begin(site):
    blue = site.config("blue")
    name, alarm = site.endpoint(blue), site.alarm()
    site.set_alarm(alarm, "ALARM")
    deployment = blue_green("CANARY", alarm, wait=1, CanarySize=20)
    green = site.config("green")
    with site.load(name) as seen:
        site.update(name, green, DeploymentConfig=deployment)
        after = site.settled(name)
    assert after["EndpointConfigName"] == blue
    assert "ALARM" in after["FailureReason"]
    assert set(seen[name]) <= {"blue"}
    site.set_alarm(alarm, "OK")
    site.update(name, green, DeploymentConfig=deployment)
    assert site.settled(name)["EndpointConfigName"] == green


def test_an_alarm_that_is_not_there_watches_nothing(site):
    blue = site.config("blue")
    name = site.endpoint(blue)
    deployment = blue_green("ALL_AT_ONCE", "nobody-made-this")
    site.update(name, site.config("green"), DeploymentConfig=deployment)
    after = site.settled(name)
    assert after["EndpointConfigName"] == blue
    assert "There is no alarm nobody-made-this" in after["FailureReason"]


def test_an_alarm_is_looked_at_under_the_role_of_the_model(site, unique):
    studio = site.studio
    name, alarm = site.endpoint(site.config("blue")), site.alarm()
    deployment = blue_green("ALL_AT_ONCE", alarm)
    green = site.config("green")
    iam = studio.client("iam")
    role = studio.role.rpartition("/")[2]
    arn = f"arn:aws:cloudwatch:eu-west-1:{studio.account}:alarm:{alarm}"
    document = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", '
        f'"Action": "cloudwatch:DescribeAlarms", "Resource": "{arn}"}}]}}'
    )
    iam.put_role_policy(RoleName=role, PolicyName="blind", PolicyDocument=document)
    try:
        site.update(name, green, DeploymentConfig=deployment)
        assert "AccessDenied" in site.settled(name)["FailureReason"]
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="blind")
    site.update(name, green, DeploymentConfig=deployment)
    assert site.settled(name)["EndpointConfigName"] == green


def test_a_rolling_update_goes_back_to_what_is_left_and_grows_again(site):
    blue = site.config("blue", count=3)
    name, alarm = site.endpoint(blue), site.alarm()
    deployment = rolling(alarm, wait=2, MaximumBatchSize=1)
    with site.load(name) as seen:
        site.update(name, site.config("green", count=3), DeploymentConfig=deployment)
        while site.described(name)["ProductionVariants"][0]["CurrentInstanceCount"] == 3:
            time.sleep(0.1)
        site.set_alarm(alarm, "ALARM")
        after = site.settled(name)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", blue)
    assert after["ProductionVariants"][0]["CurrentInstanceCount"] == 3
    assert set(seen[name]) == {"blue", "green"}
    assert site.colours(name, 4) == {"blue": 4}


def test_a_rolling_update_goes_back_by_batches(site):
    blue = site.config("blue", count=2)
    name, alarm = site.endpoint(blue), site.alarm()
    deployment = rolling(alarm, wait=600, MaximumBatchSize=1, RollbackMaximumBatchSize=1)
    with site.load(name) as seen:
        site.update(name, site.config("green", count=2), DeploymentConfig=deployment)
        site.reached(name, "Baking")
        site.set_alarm(alarm, "ALARM")
        after = site.settled(name)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", blue)
    assert set(seen[name]) == {"blue", "green"}


def test_a_fleet_that_does_not_come_up_changes_nothing(site):
    blue = site.config("blue")
    name = site.endpoint(blue)
    deployment = blue_green("CANARY", wait=1, CanarySize=20)
    with site.load(name) as seen:
        dead = site.config("green", environment={"BROKEN": "1"})
        site.update(name, dead, DeploymentConfig=deployment)
        after = site.settled(name)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", blue)
    assert "ended while it started" in after["FailureReason"]
    assert set(seen[name]) == {"blue"}


def test_a_rollback_that_fails_leaves_what_is_there_in_service(site):
    blue = site.config("blue", count=2, environment={"STARTS": "2"})
    name, alarm = site.endpoint(blue), site.alarm()
    deployment = rolling(alarm, wait=2, MaximumBatchSize=1)
    green = site.config("green", count=2)
    with site.load(name) as seen:
        site.update(name, green, DeploymentConfig=deployment)
        while site.described(name)["ProductionVariants"][0]["CurrentInstanceCount"] == 2:
            time.sleep(0.1)
        site.set_alarm(alarm, "ALARM")
        after = site.settled(name)
        assert after["EndpointStatus"] == "UpdateRollbackFailed"
        assert alarm in after["FailureReason"]
        assert "The rollback failed" in after["FailureReason"]
        assert site.colours(name, 4) == {"blue": 4}
        site.update(name, green)
        after = site.settled(name)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", green)
    assert "FailureReason" not in after
    assert set(seen[name]) == {"blue", "green"}


def test_instances_that_do_not_come_up_leave_the_number_as_it_was(site):
    name = site.endpoint(site.config("blue", environment={"STARTS": "1"}))
    change = {"VariantName": "all", "DesiredInstanceCount": 3}
    site.studio.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=[change]
    )
    after = site.settled(name)
    variant = after["ProductionVariants"][0]
    assert after["EndpointStatus"] == "InService"
    assert "ended while it started" in after["FailureReason"]
    assert (variant["CurrentInstanceCount"], variant["DesiredInstanceCount"]) == (1, 1)
    assert site.colour(name) == "blue"
