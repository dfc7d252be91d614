"""The stack of an endpoint with what `deploy:` says: right by AWS's schemas and botocore's shapes,
and the same for staging and production but for the time it waits."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.model import ServiceModel
from botocore.session import get_session
from botocore.validate import ParamValidator
from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.runner import Runner

from landrail.localaws.services.cloudwatch.alarms.evaluate import GRACE, step
from landrail.operations.model.deploying import times
from landrail.operations.model.serving import template
from landrail.spec.deploy import Deploy

SAYS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "at once": {"strategy": "all-at-once", "alarms": {}, "keep": "0s"},
    "a canary of instances": {"share": "1", "instances": 4},
    "steps": {"strategy": "linear", "bake": "90s", "alarms": {"latency": "2s"}},
    "all of it": {
        "strategy": "canary",
        "share": "20%",
        "bake": "1h",
        "keep": "1h",
        "alarms": {"errors": "0.5%", "latency": "250ms"},
        "autoscale": {"min": 2, "max": 9, "invocations": 300},
        "capture": "100%",
    },
}


def made(says: dict[str, Any], *, local: bool = False) -> dict[str, Any]:
    """The template of what a file says."""
    return template(deploy=Deploy.model_validate(says).said(local=local))


def filled(part: Any) -> Any:
    """A part of a template with numbers for waiting times and texts for all other functions."""
    if isinstance(part, dict) and len(part) == 1:
        name = next(iter(part))
        if name == "Ref" and part[name] in ("Bake", "Keep", "Period"):
            return 600
        if name == "Ref" or name.startswith("Fn::"):
            return "something"
    if isinstance(part, dict):
        return {key: filled(value) for key, value in part.items()}
    return [filled(value) for value in part] if isinstance(part, list) else part


def test_cfn_lint_has_nothing_to_say() -> None:
    # One runner for all: to make its rules costs as much as to run them.
    runner = Runner(ConfigMixIn(regions=["eu-west-1"]))
    found = []
    for name, says in SAYS.items():
        decoded, errors = decode_str(json.dumps(made(says)))
        found += [f"{name}: {one}" for one in errors or runner.validate_template(decoded)]
    assert found == []


@pytest.mark.parametrize("says", SAYS.values(), ids=list(SAYS))
def test_sagemaker_takes_the_deployment(says: dict[str, Any]) -> None:
    session = get_session()
    model = ServiceModel(session.get_component("data_loader").load_service_model(
        "sagemaker", "service-2"
    ))  # fmt: skip
    resources = made(says)["Resources"]
    given = filled(resources["Endpoint"]["Properties"])
    shape = model.operation_model("UpdateEndpoint").input_shape
    assert ParamValidator().validate(given, shape).generate_report() == ""
    config = filled(resources["EndpointConfig"]["Properties"])
    del config["ProductionVariants"]
    shape = model.operation_model("CreateEndpointConfig").input_shape.members["DataCaptureConfig"]
    if "DataCaptureConfig" in config:
        report = ParamValidator().validate(config["DataCaptureConfig"], shape)
        assert report.generate_report() == ""


def test_what_is_not_said_is_a_canary_that_errors_send_back() -> None:
    resources = made({})["Resources"]
    deployment = resources["Endpoint"]["Properties"]["DeploymentConfig"]
    policy = deployment["BlueGreenUpdatePolicy"]
    assert policy["TrafficRoutingConfiguration"]["CanarySize"] == {
        "Type": "CAPACITY_PERCENT",
        "Value": 10,
    }
    assert policy["MaximumExecutionTimeoutInSeconds"] == 600 + 600 + 3600
    assert deployment["AutoRollbackConfiguration"]["Alarms"] == [
        {"AlarmName": {"Ref": "ErrorsAlarm"}}
    ]
    alarm = resources["ErrorsAlarm"]["Properties"]
    assert (alarm["Threshold"], alarm["Statistic"]) == (0.05, "Average")
    names = [one["Name"] for one in alarm["Dimensions"]]
    assert names == ["EndpointName", "VariantName", "EndpointConfigName"]
    (of,) = alarm["AlarmName"].values()
    assert of == "landrail/${EndpointName}/errors/${EndpointConfig.EndpointConfigName}"


def test_only_production_waits() -> None:
    deploy = Deploy.model_validate({"bake": "2m", "keep": "1h"}).said(local=False)
    watched = {"Period": "60"}
    assert times(deploy, production=True) == {"Bake": "120", "Keep": "3600", **watched}
    assert times(deploy, production=False) == {"Bake": "0", "Keep": "0", **watched}
    again = times(deploy, production=True, served=True)
    assert again == {"Bake": "0", "Keep": "3600", **watched}


@pytest.mark.parametrize("local", [False, True], ids=["on AWS", "local"])
def test_a_wait_that_nobody_says_is_long_enough_for_the_alarms(local: bool) -> None:
    """What is asked right after traffic has moved is judged before the wait is over: when the
    period that it falls into is over, and an alarm is looked at."""
    deploy = Deploy().said(local=local)
    given = {name: int(value) for name, value in times(deploy, production=True).items()}
    alarm = template(deploy=deploy)["Resources"]["ErrorsAlarm"]["Properties"]
    assert (alarm["Period"], alarm["EvaluationPeriods"]) == ({"Ref": "Period"}, 1)
    assert step({"Period": given["Period"]}) == given["Period"] == (10 if local else 60)
    looked_at = given["Period"] + GRACE + 1
    assert min(given["Bake"], given["Keep"]) > looked_at + 5


def test_a_model_without_an_endpoint_has_nothing_of_it() -> None:
    said = Deploy.model_validate(SAYS["all of it"]).said(local=False)
    alone = template(online=False, scores=True, deploy=said)
    assert set(alone["Resources"]) == {"Model"}
    assert not {"Bake", "Keep", "Period", "CaptureBucket", "EndpointName"} & set(
        alone["Parameters"]
    )


def test_scaled_endpoints_keep_their_number_of_instances() -> None:
    resources = made(SAYS["all of it"])["Resources"]
    endpoint = resources["Endpoint"]["Properties"]
    assert endpoint["RetainAllVariantProperties"] is True
    kept = endpoint["ExcludeRetainedVariantProperties"]
    assert [one["VariantPropertyType"] for one in kept] == ["DesiredWeight", "DataCaptureConfig"]
    (variant,) = resources["EndpointConfig"]["Properties"]["ProductionVariants"]
    assert variant["InitialInstanceCount"] == 2
    policy = resources["ScalingPolicy"]["Properties"]
    assert policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 300
