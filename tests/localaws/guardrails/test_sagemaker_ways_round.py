"""Ways round the guardrails of SageMaker that do not lead round, and who is let past by name."""

from __future__ import annotations

from typing import Any

import pytest
from guarded import Account
from guardrail_requests import KEY, Request, least
from tryings import compliant, statements_of

HELD = ("VpcConfig", "EnableNetworkIsolation")


def changed(request: Request, **params: Any) -> Request:
    kept = {name: value for name, value in {**request.params, **params}.items() if value != "OUT"}
    return Request(request.service, request.operation, kept)


@pytest.fixture
def account(accounts: dict[str, Account]) -> Account:
    return accounts["recommended"]


@pytest.fixture(scope="module")
def impostors(local_aws: Any) -> Account:
    """An account whose roles are called like the platform's and lie elsewhere."""
    return Account(local_aws, "impostors", statements_of("recommended"))


def serving(*variants: dict[str, Any], **more: Any) -> Request:
    named = [{"VariantName": f"v{n}", **variant} for n, variant in enumerate(variants)]
    whole = compliant("CreateEndpointConfig")
    return changed(whole, ProductionVariants=named, **dict.fromkeys(HELD, "OUT"), **more)


MODEL = {"ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
BARE = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}


@pytest.mark.parametrize(
    ("role", "variants", "passes"),
    [
        ("landrail/release-stack", [MODEL], True),
        ("landrail/release-stack", [BARE], False),
        ("landrail/release-stack", [MODEL, BARE], False),
        ("landrail/data-scientist-team", [MODEL], True),
        ("landrail/data-scientist-team", [BARE], False),
        ("administrator", [MODEL], False),
        ("landrail/break-glass", [BARE], True),
    ],
)
def test_a_configuration_of_models_takes_its_network_from_them_for_who_serves_models(
    account: Account, role: str, variants: list[dict[str, Any]], passes: bool
) -> None:
    assert account.allows(serving(*variants), role) is passes


@pytest.mark.parametrize("left", ["VpcConfig", "EnableNetworkIsolation"])
def test_every_definition_of_a_tuning_job_is_held(account: Account, left: str) -> None:
    whole = compliant("CreateHyperParameterTuningJob")
    definition = whole.params["TrainingJobDefinition"]
    other = {name: value for name, value in definition.items() if name != left}
    one = {"TrainingJobDefinition": "OUT", "TrainingJobDefinitions": [definition, definition]}
    assert account.allows(changed(whole, **one))
    assert not account.allows(
        changed(whole, **{**one, "TrainingJobDefinitions": [definition, other]})
    )
    isolated = {**definition, "EnableNetworkIsolation": False}
    assert not account.allows(
        changed(whole, **{**one, "TrainingJobDefinitions": [isolated, definition]})
    )


def test_a_key_of_something_else_is_no_key_of_the_volume(account: Account) -> None:
    whole = compliant("CreateProcessingJob")
    cluster = dict(whole.params["ProcessingResources"]["ClusterConfig"])
    cluster.pop("VolumeKmsKeyId")
    athena = {
        "Catalog": "c",
        "Database": "d",
        "QueryString": "SELECT 1",
        "OutputS3Uri": "s3://b/o",
        "OutputFormat": "PARQUET",
        "KmsKeyId": KEY,
    }
    source = {"InputName": "i", "DatasetDefinition": {"AthenaDatasetDefinition": athena}}
    assert account.allows(changed(whole, ProcessingInputs=[source]))
    bare = {"ClusterConfig": cluster}
    assert not account.allows(changed(whole, ProcessingInputs=[source], ProcessingResources=bare))


def test_a_key_of_core_dumps_or_captured_data_is_no_key_of_the_volume(account: Account) -> None:
    whole = compliant("CreateEndpointConfig")
    dumping = {"CoreDumpConfig": {"DestinationS3Uri": "s3://b/d", "KmsKeyId": KEY}}
    variants = [{"VariantName": "v", **MODEL, **dumping}]
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 1,
        "DestinationS3Uri": "s3://b/c",
        "CaptureOptions": [{"CaptureMode": "Input"}],
        "KmsKeyId": KEY,
    }
    extra = {"ProductionVariants": variants, "DataCaptureConfig": capture}
    assert account.allows(changed(whole, **extra))
    assert not account.allows(changed(whole, **extra, KmsKeyId="OUT"))


def test_a_key_of_captured_data_is_no_key_of_the_output(account: Account) -> None:
    whole = compliant("CreateTransformJob")
    output = {"S3OutputPath": "s3://b/o"}
    capture = {"DestinationS3Uri": "s3://b/c", "KmsKeyId": KEY}
    assert account.allows(changed(whole, DataCaptureConfig=capture))
    assert not account.allows(changed(whole, DataCaptureConfig=capture, TransformOutput=output))


def test_every_group_of_a_cluster_is_in_subnets_or_the_cluster_is(account: Account) -> None:
    network = {"SecurityGroupIds": ["sg-11111111"], "Subnets": ["subnet-11111111"]}
    group = {
        "InstanceGroupName": "g",
        "InstanceType": "ml.m5.large",
        "InstanceCount": 1,
        "ExecutionRole": "arn:aws:iam::ACCOUNT:role/nobody",
        "LifeCycleConfig": {"SourceS3Uri": "s3://b/x", "OnCreate": "x.sh"},
    }
    inside = {**group, "OverrideVpcConfig": network}
    whole = changed(compliant("CreateCluster"), VpcConfig="OUT")
    assert account.allows(changed(whole, InstanceGroups=[inside, inside]))
    assert account.allows(changed(whole, InstanceGroups=[group], VpcConfig=network))
    assert not account.allows(changed(whole, InstanceGroups=[inside, group]))


def test_break_glass_is_let_past(account: Account) -> None:
    assert account.allows(least("CreateTrainingJob"), "landrail/break-glass")


@pytest.mark.parametrize("role", ["break-glass", "landrail/deeper/release-stack", "x/platform"])
def test_a_role_of_that_name_elsewhere_is_not(impostors: Account, role: str) -> None:
    assert not impostors.allows(least("CreateTrainingJob"), role)
    assert not impostors.allows(serving(MODEL), role)


def test_instance_types_have_no_way_round(accounts: dict[str, Account]) -> None:
    chosen = accounts["chosen"]
    whole = compliant("CreateTrainingJob")
    resources = {**whole.params["ResourceConfig"]}
    groups = [
        {"InstanceGroupName": name, "InstanceCount": 1, "InstanceType": kind}
        for name, kind in (("a", "ml.m5.large"), ("b", "ml.p4d.24xlarge"))
    ]
    resources.pop("InstanceType")
    assert chosen.allows(changed(whole, ResourceConfig={**resources, "InstanceGroups": groups[:1]}))
    assert not chosen.allows(changed(whole, ResourceConfig={**resources, "InstanceGroups": groups}))
    assert not chosen.allows(changed(whole, ResourceConfig=resources))
