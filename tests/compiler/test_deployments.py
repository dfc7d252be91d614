"""`deploy:` of a model: what its build projects are told, and what the roles of its stages may do
for it, each by its exact name and beside what they may not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from compiled_world import World

from landrail.compiler import compile_platform
from landrail.spec import Platform

PRODUCTION, UAT = "retail-production", "retail-uat"
DEPLOY = {
    "strategy": "linear",
    "share": "25%",
    "bake": "2m",
    "alarms": {"errors": "1%", "latency": "500ms"},
    "autoscale": {"min": 4, "max": 8, "invocations": 700},
    "capture": "20%",
}
SCALING = "application-autoscaling"
VARIANTS = {
    "application-autoscaling__service-namespace": "sagemaker",
    "application-autoscaling__scalable-dimension": "sagemaker:variant:DesiredInstanceCount",
}


@pytest.fixture(scope="module")
def guarded(build: Any) -> World:
    """A line with a model that says all of it and one that says nothing of it."""
    models = {
        "churn": {"team": "team-retail", "deploy": DEPLOY},
        "plain": {"team": "team-retail"},
        "files": {"team": "team-retail", "serve": ["batch"]},
    }
    return World(compile_platform(build(["retail"], models=models)))


def alarm(account: str, name: str) -> str:
    return f"arn:aws:cloudwatch:eu-west-1:@{{account:{account}}}:alarm:{name}"


def targets(account: str) -> str:
    return f"arn:aws:{SCALING}:eu-west-1:@{{account:{account}}}:scalable-target/*"


def variables(world: World, project: str) -> dict[str, str]:
    """The environment of a build project."""
    for _, made in world.resources("shared-prod"):
        properties = made["Properties"]
        if made["Type"] == "AWS::CodeBuild::Project" and properties["Name"] == project:
            told = properties["Environment"]["EnvironmentVariables"]
            return {one["Name"]: one["Value"] for one in told}
    raise LookupError(project)


def test_steps_are_told_what_the_file_says(guarded: World) -> None:
    for project in ("churn-train", "churn-approve"):
        assert json.loads(variables(guarded, project)["LANDRAIL_DEPLOY"]) == {
            "strategy": "linear",
            "share": "25%",
            "bake": 120,
            "keep": 20,
            "period": 10,
            "limit": 3 * 120 + 20 + 3600,
            "instances": 4,
            "errors": 0.01,
            "latency": 500_000,
            "autoscale": {"min": 4, "max": 8, "invocations": 700},
            "capture": 20,
        }
    told = json.loads(variables(guarded, "plain-approve")["LANDRAIL_DEPLOY"])
    assert (told["strategy"], told["share"], told["errors"]) == ("canary", "10%", 0.05)
    assert (told["bake"], told["keep"], told["instances"]) == (20, 20, 1)


def test_waiting_is_longer_on_aws_where_the_file_says_nothing(build: Any) -> None:
    platform: Platform = build(["retail"])
    deploy = platform.models["model-retail"].deployed
    assert deploy.waits(local=True) == (20, 20)
    assert deploy.waits(local=False) == (600, 600)


@pytest.mark.parametrize(
    ("account", "ending"), [(PRODUCTION, ""), (UAT, "-staging")], ids=["production", "uat"]
)
def test_alarms_are_made_by_the_stack_role_and_seen_by_the_model_role(
    guarded: World, account: str, ending: str
) -> None:
    own = alarm(account, f"landrail/churn{ending}/errors/one")
    other = alarm(account, "landrail/churn-billing/errors/one")

    def may(role: str, action: str, resource: str) -> bool:
        return guarded.decide(account, role, f"cloudwatch:{action}", resource).allowed

    for action in ("PutMetricAlarm", "DeleteAlarms", "DescribeAlarms"):
        assert may("release-stack", action, own)
        assert not may("release-stack", action, other)
    assert not may("release-stack", "SetAlarmState", own)
    assert not may("release-stack", "DisableAlarmActions", own)
    assert may("model", "DescribeAlarms", own)
    assert not may("model", "DescribeAlarms", other)
    assert not may("model", "PutMetricAlarm", own)
    assert not may("release", "DescribeAlarms", own)
    assert not may(
        "release-stack", "PutMetricAlarm", alarm(account, f"landrail/files{ending}/errors/one")
    )


def test_endpoints_are_scaled_by_the_stack_role(guarded: World, world: World) -> None:
    def may(where: World, role: str, action: str, **context: str) -> bool:
        call = f"{SCALING}:{action}"
        return where.decide(PRODUCTION, role, call, targets(PRODUCTION), **context).allowed

    assert may(guarded, "release-stack", "RegisterScalableTarget", **VARIANTS)
    tables = {**VARIANTS, "application-autoscaling__service-namespace": "dynamodb"}
    assert not may(guarded, "release-stack", "RegisterScalableTarget", **tables)
    assert not may(guarded, "model", "RegisterScalableTarget", **VARIANTS)
    assert not may(guarded, "administrator", "RegisterScalableTarget", **VARIANTS)
    engineer = "mlops-team-retail"
    assert not may(guarded, engineer, "RegisterScalableTarget", **VARIANTS)
    seen = guarded.decide(PRODUCTION, engineer, f"{SCALING}:DescribeScalableTargets", "*")
    assert seen.allowed
    # Where no model asks for it, scaling is only taken away.
    assert not may(world, "release-stack", "RegisterScalableTarget", **VARIANTS)
    assert may(world, "release-stack", "DeregisterScalableTarget", **VARIANTS)


def test_the_model_role_writes_what_is_captured_there_alone(guarded: World, world: World) -> None:
    def may(where: World, account: str, key: str) -> bool:
        bucket = f"acme-ml-stage-@{{account:{account}}}"
        return where.decide(
            account,
            "model",
            "s3:PutObject",
            f"arn:aws:s3:::{bucket}/{key}",
            resource_policy=guarded_by(where, account),
        ).allowed

    def guarded_by(where: World, account: str) -> Any:
        return where.bucket_policy(account, "landrail-stage")

    assert may(guarded, PRODUCTION, "capture/churn/live/2026/11/23/12/x.jsonl")
    assert may(guarded, UAT, "capture/churn-staging/live/2026/11/23/12/x.jsonl")
    assert not may(guarded, PRODUCTION, "capture/plain/live/x.jsonl")
    assert not may(guarded, UAT, "training/churn/x")
    assert not may(world, UAT, "capture/model-retail-staging/live/x.jsonl")
