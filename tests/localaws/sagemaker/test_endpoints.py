"""Endpoints answer by real processes; a new fleet takes over only when it is healthy."""

import pytest
from botocore.exceptions import ClientError
from sagemaker_studio import until

from landrail.localaws.runtimes.process import isolation

walled = pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")


def settle(studio, name):
    return until(
        lambda: studio.sagemaker.describe_endpoint(EndpointName=name),
        "EndpointStatus",
        "Creating",
        "Updating",
        "SystemUpdating",
    )


def invoke(studio, name, body=b"5 6", **more):
    return studio.client("sagemaker-runtime").invoke_endpoint(
        EndpointName=name, Body=body, ContentType="text/plain", Accept="text/csv", **more
    )


@pytest.fixture
def endpoint(studio, unique):
    name = unique("endpoint")
    model = studio.model(unique("model"), 5.0, colour="blue")
    studio.sagemaker.create_endpoint(
        EndpointName=name, EndpointConfigName=studio.config(unique("config"), model)
    )
    assert settle(studio, name)["EndpointStatus"] == "InService"
    yield name
    studio.sagemaker.delete_endpoint(EndpointName=name)


def test_an_endpoint_answers_and_names_the_image_by_digest(studio, endpoint):
    answer = invoke(studio, endpoint)
    assert answer["Body"].read() == b"0.00\n1.00"
    assert answer["ContentType"] == "text/csv"
    assert answer["CustomAttributes"] == "blue"
    described = studio.sagemaker.describe_endpoint(EndpointName=endpoint)
    image = described["ProductionVariants"][0]["DeployedImages"][0]
    assert image["ResolvedImage"] == image["SpecifiedImage"] == studio.image
    listed = studio.sagemaker.list_endpoints(NameContains=endpoint, StatusEquals="InService")
    assert [e["EndpointArn"] for e in listed["Endpoints"]] == [described["EndpointArn"]]


def test_an_error_of_the_container_is_a_model_error(studio, endpoint):
    with pytest.raises(ClientError) as raised:
        invoke(studio, endpoint, b"five")
    response = raised.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["Error"]["Code"] == "ModelError"
    assert (response["OriginalStatusCode"], response["OriginalMessage"]) == (400, "not a number")


def test_an_update_switches_to_the_new_fleet(studio, endpoint, unique):
    green = studio.model(unique("model"), 1.0, colour="green")
    config = studio.config(unique("config"), green)
    studio.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    assert invoke(studio, endpoint)["CustomAttributes"] == "blue"
    with pytest.raises(ClientError, match="in-progress"):
        studio.sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)
    assert settle(studio, endpoint)["EndpointConfigName"] == config
    answer = invoke(studio, endpoint)
    assert (answer["CustomAttributes"], answer["Body"].read()) == ("green", b"4.00\n5.00")


def test_a_failed_update_keeps_the_old_fleet(studio, endpoint, unique):
    before = studio.sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    broken = studio.model(unique("model"), 1.0, environment={"BROKEN": "1"})
    studio.sagemaker.update_endpoint(
        EndpointName=endpoint, EndpointConfigName=studio.config(unique("config"), broken)
    )
    after = settle(studio, endpoint)
    assert (after["EndpointStatus"], after["EndpointConfigName"]) == ("InService", before)
    assert "ended while it started" in after["FailureReason"]
    assert invoke(studio, endpoint)["CustomAttributes"] == "blue"


def test_an_endpoint_that_never_started_fails(studio, unique):
    name = unique("endpoint")
    broken = studio.model(unique("model"), 1.0, environment={"BROKEN": "1"})
    config = studio.config(unique("config"), broken)
    studio.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    assert settle(studio, name)["EndpointStatus"] == "Failed"
    with pytest.raises(ClientError, match="not InService"):
        invoke(studio, name)
    studio.sagemaker.delete_endpoint(EndpointName=name)


def test_a_target_variant_is_asked(studio, unique):
    name, first, second = unique("endpoint"), unique("a"), unique("b")
    studio.model(first, 1.0, colour="one")
    studio.model(second, 2.0, colour="two")
    config = studio.config(unique("config"), first, second)
    studio.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    settle(studio, name)
    for variant, colour in ((first, "one"), (second, "two")):
        answer = invoke(studio, name, TargetVariant=variant)
        assert answer["InvokedProductionVariant"] == variant
        assert answer["CustomAttributes"] == colour
    weights = [{"VariantName": first, "DesiredWeight": 0}]
    studio.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName=name, DesiredWeightsAndCapacities=weights
    )
    assert {invoke(studio, name)["CustomAttributes"] for _ in range(8)} == {"two"}
    studio.sagemaker.delete_endpoint(EndpointName=name)


@walled
def test_an_isolated_model_answers_without_a_network_in_the_memory_of_its_instance(studio, unique):
    name = unique("endpoint")
    model = studio.model(unique("model"), 5.0, EnableNetworkIsolation=True)
    config = studio.config(unique("config"), model)
    studio.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    assert settle(studio, name)["EndpointStatus"] == "InService"
    assert invoke(studio, name)["Body"].read() == b"0.00\n1.00"
    assert invoke(studio, name, b"take 1000")["Body"].read() == b"0.00"
    with pytest.raises(ClientError, match="no memory"):
        invoke(studio, name, b"take 8192")
    studio.sagemaker.delete_endpoint(EndpointName=name)


def test_what_is_not_there_is_not_found(studio, unique):
    sagemaker = studio.sagemaker
    name = unique("none")
    with pytest.raises(ClientError, match=f'Could not find endpoint ".*endpoint/{name}"'):
        sagemaker.describe_endpoint(EndpointName=name)
    with pytest.raises(ClientError, match="Could not find endpoint configuration"):
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    with pytest.raises(ClientError, match="Could not find model"):
        sagemaker.describe_model(ModelName=name)
    with pytest.raises(ClientError) as raised:
        invoke(studio, name)
    assert raised.value.response["Error"]["Code"] == "ValidationError"
    container = {"Image": studio.image.partition("@")[0] + "@sha256:" + "1" * 64}
    with pytest.raises(ClientError, match="not found"):
        sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=studio.role, PrimaryContainer=container
        )
