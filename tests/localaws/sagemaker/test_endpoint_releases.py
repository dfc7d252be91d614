"""Releases by CloudFormation: its updates carry the deployment configuration, there and back."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from endpoint_site import Site, blue_green

CANARY = {"wait": 1, "CanarySize": 50}


@pytest.fixture
def site(studio, unique):
    return Site(studio, unique)


def template(site: Site, name: str, colour: str, deployment: dict[str, Any]) -> str:
    model = {
        "ExecutionRoleArn": site.studio.role,
        "PrimaryContainer": {
            "Image": site.studio.image,
            "ModelDataUrl": f"s3://{site.studio.bucket}/releases/{name}.tar.gz",
            "Environment": {"COLOUR": colour},
        },
    }
    variant = {
        "VariantName": "all",
        "ModelName": {"Fn::GetAtt": "Model.ModelName"},
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.large",
        "InitialVariantWeight": 1,
        "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
    }
    capture = {
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{site.studio.bucket}/captured/{name}",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
    }
    config = {"ProductionVariants": [variant], "DataCaptureConfig": capture}
    endpoint = {
        "EndpointName": name,
        "EndpointConfigName": {"Fn::GetAtt": "Config.EndpointConfigName"},
        "DeploymentConfig": deployment,
        "RetainAllVariantProperties": True,
        "ExcludeRetainedVariantProperties": [{"VariantPropertyType": "DataCaptureConfig"}],
    }
    resources = {
        "Model": {"Type": "AWS::SageMaker::Model", "Properties": model},
        "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": config},
        "Endpoint": {"Type": "AWS::SageMaker::Endpoint", "Properties": endpoint},
    }
    return json.dumps({"Resources": resources})


def stacked(site: Site, name: str) -> str:
    cloudformation = site.studio.client("cloudformation")
    for _ in range(900):
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            return str(status)
        time.sleep(0.1)
    raise AssertionError(f"still {status}")


def made(site: Site, name: str, deployment: dict[str, Any]) -> None:
    data = site.studio.model_data(5.0).removeprefix(f"s3://{site.studio.bucket}/")
    source = {"Bucket": site.studio.bucket, "Key": data}
    site.studio.client("s3").copy_object(
        Bucket=site.studio.bucket, Key=f"releases/{name}.tar.gz", CopySource=source
    )
    site.studio.client("cloudformation").create_stack(
        StackName=name, TemplateBody=template(site, name, "blue", deployment)
    )
    assert stacked(site, name) == "CREATE_COMPLETE"


def drifted(site: Site, name: str) -> str:
    cloudformation = site.studio.client("cloudformation")
    id_ = cloudformation.detect_stack_drift(StackName=name)["StackDriftDetectionId"]
    for _ in range(100):
        told = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=id_)
        if told["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            return str(told["StackDriftStatus"])
        time.sleep(0.1)
    raise AssertionError(told)


def test_a_release_and_the_way_back_lose_no_request(site):
    name = site.unique("release")
    deployment = blue_green("CANARY", **CANARY)
    made(site, name, deployment)
    assert drifted(site, name) == "IN_SYNC"
    cloudformation = site.studio.client("cloudformation")
    with site.load(name, pause=0.05) as seen:
        for colour in ("green", "blue"):
            body = template(site, name, colour, deployment)
            cloudformation.update_stack(StackName=name, TemplateBody=body)
            assert stacked(site, name) == "UPDATE_COMPLETE"
            assert site.colours(name, 4) == {colour: 4}
    assert set(seen[name]) == {"blue", "green"}
    told = site.described(name)
    assert told["LastDeploymentConfig"] == deployment
    assert told["DataCaptureConfig"]["CurrentSamplingPercentage"] == 100
    cloudformation.delete_stack(StackName=name)


def test_a_stack_goes_back_with_the_endpoint_while_the_alarm_goes_on(site):
    name, alarm = site.unique("release"), site.alarm()
    deployment = blue_green("CANARY", alarm, wait=600, CanarySize=50)
    made(site, name, deployment)
    before = site.described(name)["EndpointConfigName"]
    cloudformation = site.studio.client("cloudformation")
    with site.load(name) as seen:
        body = template(site, name, "green", deployment)
        cloudformation.update_stack(StackName=name, TemplateBody=body)
        while site.described(name)["EndpointStatus"] == "InService":
            time.sleep(0.1)
        site.reached(name, "Baking")
        site.set_alarm(alarm, "ALARM")
        assert stacked(site, name) == "UPDATE_ROLLBACK_COMPLETE"
    told = site.described(name)
    assert (told["EndpointStatus"], told["EndpointConfigName"]) == ("InService", before)
    assert set(seen[name]) == {"blue", "green"}
    events = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    reasons = [e.get("ResourceStatusReason", "") for e in events]
    assert any(alarm in reason for reason in reasons)
    cloudformation.delete_stack(StackName=name)
