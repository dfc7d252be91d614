"""An endpoint by CloudFormation: a new model is a new configuration, and the endpoint stays."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from landrail.localaws.runtimes.process import isolation

walled = pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap")


def body(studio: Any, name: str, mean: float, **environment: str) -> str:
    model = {
        "ExecutionRoleArn": studio.role,
        "PrimaryContainer": {
            "Image": studio.image,
            "ModelDataUrl": studio.model_data(mean),
            "Environment": environment,
        },
    }
    variant = {
        "VariantName": "all",
        "ModelName": {"Fn::GetAtt": "Model.ModelName"},
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.large",
        "InitialVariantWeight": 1,
    }
    config = {"Fn::GetAtt": "Config.EndpointConfigName"}
    resources = {
        "Model": {"Type": "AWS::SageMaker::Model", "Properties": model},
        "Config": {
            "Type": "AWS::SageMaker::EndpointConfig",
            "Properties": {"ProductionVariants": [variant]},
        },
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {"EndpointName": name, "EndpointConfigName": config},
        },
    }
    return json.dumps({"Resources": resources})


def settled(studio: Any, name: str) -> str:
    cloudformation = studio.client("cloudformation")
    for _ in range(1200):
        status = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        if not status.endswith("_IN_PROGRESS"):
            return str(status)
        time.sleep(0.1)
    raise AssertionError(f"still {status}")


def answer(studio: Any, name: str) -> bytes:
    runtime = studio.client("sagemaker-runtime")
    told = runtime.invoke_endpoint(EndpointName=name, Body=b"5 6", ContentType="text/plain")
    return bytes(told["Body"].read())


@walled
def test_an_endpoint_takes_a_new_model_and_keeps_the_old_one_when_that_fails(studio, unique):
    name = unique("stacked")
    cloudformation = studio.client("cloudformation")
    made = cloudformation.create_stack(StackName=name, TemplateBody=body(studio, name, 5.0))
    assert settled(studio, name) == "CREATE_COMPLETE"
    assert answer(studio, name) == b"0.00\n1.00"
    arn = studio.sagemaker.describe_endpoint(EndpointName=name)["EndpointArn"]

    cloudformation.update_stack(StackName=name, TemplateBody=body(studio, name, 6.0))
    assert settled(studio, name) == "UPDATE_COMPLETE"
    assert answer(studio, name) == b"-1.00\n0.00"
    described = studio.sagemaker.describe_endpoint(EndpointName=name)
    assert described["EndpointArn"] == arn
    configs = studio.sagemaker.list_endpoint_configs(NameContains=name)["EndpointConfigs"]
    assert [c["EndpointConfigName"] for c in configs] == [described["EndpointConfigName"]]

    broken = body(studio, name, 7.0, BROKEN="1")
    cloudformation.update_stack(StackName=name, TemplateBody=broken)
    assert settled(studio, name) == "UPDATE_ROLLBACK_COMPLETE"
    assert answer(studio, name) == b"-1.00\n0.00"

    cloudformation.delete_stack(StackName=name)
    assert settled(studio, made["StackId"]) == "DELETE_COMPLETE"
    assert studio.sagemaker.list_models(NameContains=name)["Models"] == []
