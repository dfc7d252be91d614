"""Application Auto Scaling: targets and policies of a variant, checked and kept; nothing scales."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sagemaker_studio import Studio
from test_endpoint_stacks import settled

from landrail.localaws.runtimes.process import isolation

pytestmark = pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")
DIMENSION = "sagemaker:variant:DesiredInstanceCount"
TRACKING = {
    "TargetValue": 100.0,
    "PredefinedMetricSpecification": {
        "PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"
    },
    "ScaleInCooldown": 300,
}


@pytest.fixture(scope="module")
def endpoint(studio: Studio) -> Iterator[str]:
    """An endpoint in service; its configuration and variant are called as it is."""
    name = "scaled"
    studio.config(name, studio.model(name, 5.0))
    client = studio.sagemaker
    client.create_endpoint(EndpointName=name, EndpointConfigName=name)
    client.get_waiter("endpoint_in_service").wait(
        EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120}
    )
    yield name
    client.delete_endpoint(EndpointName=name)


def place(studio: Studio, endpoint: str) -> dict[str, str]:
    """The target that is the endpoint's variant."""
    found = studio.sagemaker.describe_endpoint(EndpointName=endpoint)["ProductionVariants"]
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{found[0]['VariantName']}",
        "ScalableDimension": DIMENSION,
    }


def test_a_target_and_its_policy_are_kept(studio: Studio, endpoint: str) -> None:
    client, at = studio.client("application-autoscaling"), place(studio, endpoint)
    arn = client.register_scalable_target(**at, MinCapacity=1, MaxCapacity=4)["ScalableTargetARN"]
    again = client.register_scalable_target(**at, MaxCapacity=6)["ScalableTargetARN"]
    assert again == arn
    (target,) = client.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (1, 6)
    made = client.put_scaling_policy(
        PolicyName="follow",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=TRACKING,
        **at,
    )
    (policy,) = client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert policy["PolicyARN"] == made["PolicyARN"]
    assert policy["TargetTrackingScalingPolicyConfiguration"] == TRACKING
    client.tag_resource(ResourceARN=arn, Tags={"team": "a"})
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"team": "a"}
    client.deregister_scalable_target(**at)
    assert client.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"] == []
    with pytest.raises(client.exceptions.ObjectNotFoundException):
        client.deregister_scalable_target(**at)


def test_what_makes_no_sense_is_refused(studio: Studio, endpoint: str) -> None:
    client, at = studio.client("application-autoscaling"), place(studio, endpoint)
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("less than minimum", {**at, "MinCapacity": 4, "MaxCapacity": 1}),
        ("MaxCapacity is required", {**at, "MinCapacity": 4}),
        ("no variant", {**at, "ResourceId": f"endpoint/{endpoint}/variant/x", "MinCapacity": 1,
                        "MaxCapacity": 2}),
        ("cannot be scaled", {**at, "ResourceId": "endpoint/none/variant/x", "MinCapacity": 1,
                              "MaxCapacity": 2}),
        ("scaling of ecs", {**at, "ServiceNamespace": "ecs", "MinCapacity": 1, "MaxCapacity": 2}),
    ]  # fmt: skip
    for words, given in wrong:
        with pytest.raises(ClientError, match=words):
            client.register_scalable_target(**given)
    with pytest.raises(client.exceptions.ObjectNotFoundException):
        client.put_scaling_policy(
            PolicyName="follow",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration=TRACKING,
            **at,
        )
    client.register_scalable_target(**at, MinCapacity=1, MaxCapacity=2)
    for words, given in (
        ("StepScaling", {"PolicyType": "StepScaling"}),
        ("predefined metric", {"metric": "DynamoDBReadCapacityUtilization"}),
    ):
        metric = {
            "PredefinedMetricType": given.pop("metric", "SageMakerVariantInvocationsPerInstance")
        }
        tracking = {**TRACKING, "PredefinedMetricSpecification": metric}
        kind = {"PolicyType": "TargetTrackingScaling", **given}
        configuration = {"TargetTrackingScalingPolicyConfiguration": tracking}
        with pytest.raises(ClientError, match=words):
            client.put_scaling_policy(PolicyName="p", **kind, **configuration, **at)
    client.deregister_scalable_target(**at)


def test_a_stack_scales_an_endpoint(
    studio: Studio, endpoint: str, unique: Callable[[str], str]
) -> None:
    at, name = place(studio, endpoint), unique("scaling")

    def template(most: int, target: float) -> str:
        policy = {
            "PolicyName": name,
            "PolicyType": "TargetTrackingScaling",
            "ScalingTargetId": {"Ref": "Target"},
            "TargetTrackingScalingPolicyConfiguration": {**TRACKING, "TargetValue": target},
        }
        kind = "AWS::ApplicationAutoScaling"
        limits = {"MinCapacity": 1, "MaxCapacity": most}
        resources = {
            "Target": {"Type": f"{kind}::ScalableTarget", "Properties": {**at, **limits}},
            "Policy": {"Type": f"{kind}::ScalingPolicy", "Properties": policy},
        }
        return json.dumps({"Resources": resources})

    cloudformation, scaling = (
        studio.client(service) for service in ("cloudformation", "application-autoscaling")
    )
    made = cloudformation.create_stack(StackName=name, TemplateBody=template(3, 50.0))
    assert settled(studio, name) == "CREATE_COMPLETE"
    cloudformation.update_stack(StackName=name, TemplateBody=template(5, 70.0))
    assert settled(studio, name) == "UPDATE_COMPLETE"
    (target,) = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert target["MaxCapacity"] == 5
    (policy,) = scaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 70
    cloudformation.delete_stack(StackName=name)
    assert settled(studio, made["StackId"]) == "DELETE_COMPLETE"
    found = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert found == []
