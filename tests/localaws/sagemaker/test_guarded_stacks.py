"""The stack of a model as `deploy:` writes it, under load: a version that errs is sent back by its
own alarm. Minutes long, as the alarm is: in the soak."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from endpoint_site import Site
from sagemaker_studio import Studio

from landrail.localaws.runtimes.process import isolation
from landrail.operations.model.serving import template
from landrail.spec.deploy import Deploy

pytestmark = [
    pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap"),
    pytest.mark.soak,
]
DEPLOY = {
    "share": "10%",
    "bake": "4m",
    "keep": "1s",
    "alarms": {"errors": "1%"},
    "autoscale": {"min": 1, "max": 2, "invocations": 100},
    "capture": "10%",
}


def body(studio: Studio, **environment: str) -> str:
    """The template, without a network and a key of its own, and with what the model is told."""
    made = template(deploy=Deploy.model_validate(DEPLOY).said(local=True))
    model = made["Resources"]["Model"]["Properties"]
    model["PrimaryContainer"] = {
        "Image": studio.image,
        "ModelDataUrl": {"Ref": "ModelData"},
        "Environment": environment,
    }
    del model["VpcConfig"]
    config = made["Resources"]["EndpointConfig"]["Properties"]
    for part in (config, config["DataCaptureConfig"]):
        part.pop("KmsKeyId")
    del made["Conditions"]
    used = {"EndpointName", "ModelData", "ModelPackage", "ExecutionRole", "InstanceType"}
    used |= {"Bake", "Keep", "CaptureBucket"}
    made["Parameters"] = {k: v for k, v in made["Parameters"].items() if k in used}
    return json.dumps(made)


def parameters(studio: Studio, name: str, data: str) -> list[dict[str, str]]:
    """What a release writes beside the template."""
    given = {
        "EndpointName": name,
        "ModelData": data,
        "ModelPackage": "arn:aws:sagemaker:eu-west-1:111122223333:model-package/m/1",
        "ExecutionRole": studio.role,
        "InstanceType": "ml.m5.large",
        "Bake": "240",
        "Keep": "1",
        "CaptureBucket": studio.bucket,
    }
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


def test_a_version_that_errs_is_sent_back(studio: Studio, unique: Callable[[str], str]) -> None:
    site, name, data = Site(studio, unique), unique("guarded"), studio.model_data(5.0)
    stacks, given = studio.client("cloudformation"), parameters(studio, name, data)
    waits = {"Delay": 1, "MaxAttempts": 600}

    def end(operation: str) -> dict[str, Any]:
        stacks.get_waiter(operation).wait(StackName=name, WaiterConfig=waits)
        return dict(stacks.describe_stacks(StackName=name)["Stacks"][0])

    stacks.create_stack(StackName=name, TemplateBody=body(studio, COLOUR="blue"), Parameters=given)
    assert end("stack_create_complete")["StackStatus"] == "CREATE_COMPLETE"
    before = site.described(name)["EndpointConfigName"]
    with site.load(name) as seen:
        bad = body(studio, COLOUR="green", FAILS="1")
        stacks.update_stack(StackName=name, TemplateBody=bad, Parameters=given)
        after = end("stack_rollback_complete")
        assert site.colours(name, 20) == {"blue": 20}
    assert after["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert site.described(name)["EndpointConfigName"] == before
    assert set(seen[name]) == {"blue", "500"}
    assert seen[name]["500"] <= 0.2 * seen[name].total() + 1
    (alarm,) = studio.client("cloudwatch").describe_alarms(AlarmNames=[f"{name}-errors"])[
        "MetricAlarms"
    ]
    watched = {one["Name"]: one["Value"] for one in alarm["Dimensions"]}
    assert watched["EndpointConfigName"] == before
    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=waits)
    left = studio.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[f"endpoint/{name}/variant/live"]
    )["ScalableTargets"]
    assert left == []
