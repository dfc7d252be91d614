"""What nobody may do at each step of a model's way is denied, by what is said to deny it, and its
twin succeeds; none of it changes what was released."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.matrix_run import Stage
from tests.steps.acting import Act, Stand, acts
from tests.steps.grants import ELSEWHERE, STEPS
from tests.steps.steps_world import Steps

pytestmark = pytest.mark.xdist_group("steps")


@pytest.fixture(scope="module")
def stand(steps: Steps) -> Iterator[Stand]:
    production = steps.client("dee@retail-production", "sagemaker")
    jobs = production.list_transform_jobs()["TransformJobSummaries"]
    facts = {
        "training-job": steps.trained("tiny")[0]["TrainingJobName"],
        "transform-job": jobs[0]["TransformJobName"],
    }
    before = _released(steps)
    yield Stand(steps, facts, Stage(steps.platform))
    assert _released(steps) == before


@pytest.fixture(scope="module")
def passed(steps: Steps) -> set[str]:
    """What each machine was allowed on the way."""
    accounts = steps.names().accounts
    return {
        f"{one['role'].rpartition('/')[2]}@{accounts[one['role'].split(':')[4]]} {one['action']}"
        for walk in steps.walks
        for one in walk.decisions
        if one["allowed"] and one["session"]
    }


def _released(steps: Steps) -> list[Any]:
    """What the way has made, as it is now."""
    made: list[Any] = [[one["ModelApprovalStatus"] for one in steps.versions("tiny")]]
    for account, endpoint in (("retail-uat", "tiny-staging"), ("retail-production", "tiny")):
        sagemaker = steps.client(f"dee@{account}", "sagemaker")
        told = sagemaker.describe_endpoint(EndpointName=endpoint)
        made.append((told["EndpointStatus"], told["EndpointConfigName"], told["LastModifiedTime"]))
    for name in ("tiny", "tiny-release"):
        codepipeline = steps.client("dee@shared-prod", "codepipeline")
        made.append(codepipeline.get_pipeline(name=name)["pipeline"])
        made.append([one["pipelineExecutionId"] for one in steps.executions(name)])
    return made


def test_every_step_has_acts() -> None:
    told = acts()
    assert {act.step for act in told} == {"share", *STEPS, "watch"} - ELSEWHERE
    assert len(told) >= 100


@pytest.mark.parametrize("step", sorted({act.step for act in acts()}))
def test_forbidden_acts_are_denied_and_their_twins_are_not(
    stand: Stand, passed: set[str], step: str
) -> None:
    wrong = [said for act in acts() if act.step == step for said in _wrong(stand, passed, act)]
    assert wrong == []


def _wrong(stand: Stand, passed: set[str], act: Act) -> Iterator[str]:
    got = stand.made(act.denied)
    if not got.denied or got.by != act.by:
        yield f"{act.name} must be denied by {act.by}: {got.by} {got.code} {got.message}"
    if act.twin is not None:
        got = stand.made(act.twin)
        if got.denied or got.code != act.answers:
            yield f"{act.name}: its twin must pass: {got.code} {got.message}"
    elif act.seen not in passed:
        yield f"{act.name}: its twin was not seen: {act.seen}"
