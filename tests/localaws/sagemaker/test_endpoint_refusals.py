"""Deployment configurations that cannot be followed are refused before anything is changed."""

from __future__ import annotations

import copy

import pytest
from botocore.exceptions import ClientError
from endpoint_site import Site, blue_green, rolling, watched


@pytest.fixture(scope="module")
def site(studio, request):
    return Site(studio, lambda prefix: f"{prefix}-refused")


@pytest.fixture(scope="module")
def endpoint(site):
    name = site.endpoint(site.config("blue", count=4))
    yield name
    site.studio.sagemaker.delete_endpoint(EndpointName=name)


def routing(**more):
    config = copy.deepcopy(blue_green("ALL_AT_ONCE"))
    config["BlueGreenUpdatePolicy"]["TrafficRoutingConfiguration"].update(more)
    return config


def limited(config, seconds):
    policy = next(iter(config.values()))
    policy["MaximumExecutionTimeoutInSeconds"] = seconds
    return config


COUNT = "INSTANCE_COUNT"
WRONG = [
    (blue_green("CANARY"), "CanarySize is required"),
    (blue_green("LINEAR"), "LinearStepSize is required"),
    (blue_green("ALL_AT_ONCE", CanarySize=10), "CanarySize is for the Type CANARY"),
    (blue_green("CANARY", CanarySize=51), "CanarySize must be less than or equal to 50%"),
    (routing(Type="CANARY", CanarySize={"Type": COUNT, "Value": 3}), "3 is 75% of the 4 of all"),
    (blue_green("LINEAR", LinearStepSize=9), "LinearStepSize must be 10-50%"),
    (rolling(MaximumBatchSize=3), "MaximumBatchSize must be 5-50%"),
    (rolling(MaximumBatchSize=1, RollbackMaximumBatchSize=5), "RollbackMaximumBatchSize must be"),
    ({**blue_green("ALL_AT_ONCE"), **rolling(MaximumBatchSize=1)}, "Only one update policy"),
    ({**blue_green("ALL_AT_ONCE"), "AutoRollbackConfiguration": {}}, "at least one alarm"),
    (
        limited(blue_green("LINEAR", wait=300, end=100, LinearStepSize=25), 1000),
        r"must be larger than the total waiting time of the deployment \(1000 seconds\)",
    ),
    (limited(rolling(wait=200, MaximumBatchSize=1), 800), r"\(800 seconds\)"),
    (blue_green("ALL_AT_ONCE", end=3601), "3600"),
    (blue_green("SIDEWAYS"), "SIDEWAYS"),
    (watched(*(f"alarm-{n}" for n in range(11))), "10"),
]


@pytest.mark.parametrize(("deployment", "words"), WRONG)
def test_a_deployment_that_cannot_be_followed(site, endpoint, deployment, words):
    before = site.described(endpoint)
    with pytest.raises(ClientError, match=words) as raised:
        site.update(endpoint, before["EndpointConfigName"], DeploymentConfig=deployment)
    assert raised.value.response["Error"]["Code"] == "ValidationException"
    assert site.described(endpoint)["LastModifiedTime"] == before["LastModifiedTime"]


def test_all_that_is_wrong_is_told_at_once(site, endpoint):
    config = site.described(endpoint)["EndpointConfigName"]
    deployment = {
        **blue_green("CANARY", CanarySize=60),
        **rolling(MaximumBatchSize=3),
    }
    with pytest.raises(ClientError, match=r"Only one.*CanarySize must.*MaximumBatchSize must"):
        site.update(endpoint, config, DeploymentConfig=deployment)


def test_variants_are_the_same_before_and_after(site, endpoint, unique):
    other = site.studio.config(unique("other"), site.studio.model(unique("model"), 1.0))
    with pytest.raises(ClientError, match="same variant names"):
        site.update(endpoint, other, DeploymentConfig=blue_green("ALL_AT_ONCE"))


def test_either_a_new_deployment_configuration_or_the_last_one(site, endpoint):
    config = site.described(endpoint)["EndpointConfigName"]
    with pytest.raises(ClientError, match="RetainDeploymentConfig"):
        site.update(
            endpoint,
            config,
            DeploymentConfig=blue_green("ALL_AT_ONCE"),
            RetainDeploymentConfig=True,
        )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"VariantName": "nobody", "DesiredWeight": 1}, "no variant nobody"),
        ({"VariantName": "all", "DesiredInstanceCount": 9}, "1 to 8 processes"),
        ({"VariantName": "all", "DesiredInstanceCount": 0}, "1 to 8 processes"),
        (
            {"VariantName": "all", "ServerlessUpdateConfig": {"MaxConcurrency": 1}},
            "no serverless",
        ),
    ],
)
def test_numbers_that_cannot_be_had(site, endpoint, change, words):
    with pytest.raises(ClientError, match=words):
        site.studio.sagemaker.update_endpoint_weights_and_capacities(
            EndpointName=endpoint, DesiredWeightsAndCapacities=[change]
        )


@pytest.mark.parametrize(
    "member",
    [
        {"AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://bucket/out"}}},
        {"ExplainerConfig": {}},
        {"MetricsConfig": {"EnableEnhancedMetrics": True}},
    ],
)
def test_kinds_of_endpoints_that_are_not_there_are_refused_by_name(site, unique, member):
    site = Site(site.studio, unique)
    with pytest.raises(ClientError, match="EnableEnhancedMetrics|" + next(iter(member))):
        site.config("blue", **member)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ServerlessConfig": {"MaxConcurrency": 1, "MemorySizeInMB": 1024}}, "ServerlessConfig"),
        ({"RoutingConfig": {"RoutingStrategy": "PREFIX_AWARE"}}, "PREFIX_AWARE"),
    ],
)
def test_variants_that_are_not_there_are_refused_by_name(site, unique, settings, words):
    model = site.studio.model(unique("model"), 1.0)
    variant = {"VariantName": "all", "ModelName": model, **settings}
    with pytest.raises(ClientError, match=words):
        site.studio.sagemaker.create_endpoint_config(
            EndpointConfigName=unique("config"), ProductionVariants=[variant]
        )


def test_shadow_variants_are_refused_by_name(site, unique):
    model = site.studio.model(unique("model"), 1.0)
    variants = [
        {"VariantName": name, "ModelName": model, "InstanceType": "ml.m5.large",
         "InitialInstanceCount": 1}
        for name in ("all", "shadow")
    ]  # fmt: skip
    with pytest.raises(ClientError, match="does not support ShadowProductionVariants"):
        site.studio.sagemaker.create_endpoint_config(
            EndpointConfigName=unique("config"),
            ProductionVariants=variants[:1],
            ShadowProductionVariants=variants[1:],
        )


@pytest.mark.parametrize("operation", ["invoke_endpoint_async"])
def test_other_ways_to_invoke_are_refused_by_name(site, endpoint, operation):
    runtime = site.studio.client("sagemaker-runtime")
    with pytest.raises(ClientError, match="InvokeEndpointAsync") as raised:
        getattr(runtime, operation)(EndpointName=endpoint, InputLocation="s3://bucket/in")
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 501
