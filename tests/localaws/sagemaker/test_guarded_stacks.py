"""The stack of a model as `deploy:` writes it where it says nothing of times, under load: a version
that errs is sent back by its own alarm, and one that mends it is not. Longer than others, as the
waits are: in the soak."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from endpoint_site import Site
from sagemaker_studio import Studio

from landrail.localaws.runtimes.process import isolation
from landrail.operations.model.deploying import times
from landrail.operations.model.serving import template
from landrail.spec.deploy import Deploy

pytestmark = [
    pytest.mark.skipif(isolation() != "bubblewrap", reason="needs bubblewrap"),
    pytest.mark.soak,
]
DEPLOY = {
    "autoscale": {"min": 1, "max": 2, "invocations": 100},
    "capture": "10%",
}

SAID = Deploy.model_validate(DEPLOY).said(local=True)
WAITS = {"Delay": 1, "MaxAttempts": 600}


def body(studio: Studio, **environment: str) -> str:
    """The template, without a network and a key of its own, and with what the model is told."""
    made = template(deploy=SAID)
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
    used |= {"Bake", "Keep", "Period", "CaptureBucket"}
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
        "CaptureBucket": studio.bucket,
        **times(SAID, production=True),
    }
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]


def ended(studio: Studio, name: str, operation: str) -> str:
    """Wait for the end of an operation on a stack; what it came to."""
    stacks = studio.client("cloudformation")
    stacks.get_waiter(f"stack_{operation}_complete").wait(StackName=name, WaiterConfig=WAITS)
    return str(stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"])


def alarms(studio: Studio, name: str) -> list[dict[str, Any]]:
    found = studio.client("cloudwatch").describe_alarms(AlarmNamePrefix=f"landrail/{name}/")
    return list(found["MetricAlarms"])


def test_a_version_that_errs_is_sent_back(studio: Studio, unique: Callable[[str], str]) -> None:
    site, name, data = Site(studio, unique), unique("guarded"), studio.model_data(5.0)
    stacks, given = studio.client("cloudformation"), parameters(studio, name, data)
    stacks.create_stack(StackName=name, TemplateBody=body(studio, COLOUR="blue"), Parameters=given)
    assert ended(studio, name, "create") == "CREATE_COMPLETE"
    before = site.described(name)["EndpointConfigName"]
    with site.load(name) as seen:
        bad = body(studio, COLOUR="green", FAILS="1")
        stacks.update_stack(StackName=name, TemplateBody=bad, Parameters=given)
        assert ended(studio, name, "rollback") == "UPDATE_ROLLBACK_COMPLETE"
        assert site.colours(name, 20) == {"blue": 20}
    assert site.described(name)["EndpointConfigName"] == before
    assert set(seen[name]) == {"blue", "500"}
    assert seen[name]["500"] <= 0.1 * seen[name].total() + 1
    (alarm,) = alarms(studio, name)
    watched = {one["Name"]: one["Value"] for one in alarm["Dimensions"]}
    assert watched["EndpointConfigName"] == before
    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig=WAITS)
    left = studio.client("application-autoscaling").describe_scalable_targets(
        ServiceNamespace="sagemaker", ResourceIds=[f"endpoint/{name}/variant/live"]
    )["ScalableTargets"]
    assert left == []


def test_a_version_that_mends_a_bad_one_is_taken(
    studio: Studio, unique: Callable[[str], str]
) -> None:
    site, name, data = Site(studio, unique), unique("mended"), studio.model_data(5.0)
    stacks, given = studio.client("cloudformation"), parameters(studio, name, data)
    bad, good = body(studio, COLOUR="green", FAILS="1"), body(studio, COLOUR="blue")
    stacks.create_stack(StackName=name, TemplateBody=bad, Parameters=given)
    assert ended(studio, name, "create") == "CREATE_COMPLETE"
    with site.load(name):
        while alarms(studio, name)[0]["StateValue"] != "ALARM":
            time.sleep(0.5)
        stacks.update_stack(StackName=name, TemplateBody=good, Parameters=given)
        assert ended(studio, name, "update") == "UPDATE_COMPLETE"
    assert site.colours(name, 10) == {"blue": 10}
    (alarm,) = alarms(studio, name)
    assert alarm["StateValue"] == "OK"
    stacks.delete_stack(StackName=name)
