"""What the engine says of an allow that is taken away is what happens: the pipeline really fails at
that step for want of that action, and goes on from there once the allow is back.

One execution goes through a whole list: it fails without the first, is tried again without the
next, and at last succeeds.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.steps.grants import Way, Where, allowing
from tests.steps.removing import without
from tests.steps.steps_world import SHARED, Steps
from tests.steps.told import needed

pytestmark = pytest.mark.xdist_group("steps")

_LONGEST = 90.0
_SCORING: list[Where] = [
    ("key alias/landrail/dataset-numbers@data-prod", "Granted", "kms:Decrypt"),
    ("trust of release@retail-production", "1", "sts:AssumeRole"),
]
_STAGES = {
    "tiny": {
        **{"source": "Source", "build": "Build", "train": "Train", "evaluate": "Train"},
        **{"register": "Train", "stage": "Staging"},
    },
    "tiny-release": {"approve": "Production", "release": "Production"},
    "tiny-batch": {"score": "Batch"},
}
_QUIET: dict[str, str] = {}
"""What is denied and fails nothing, and why."""


@dataclass
class Walk:
    """An execution that is tried again and again."""

    steps: Steps
    pipeline: str
    execution: str = ""

    def without(self, where: Where, stage: str) -> None:
        """Go on without an allow; the stage must fail for want of it."""
        before = len(self._failed()) if self.execution else 0
        with without(self.steps, where):
            self._go_on(stage)
            self._fail(before, where)
        last = self._failed()[-1]
        assert last["stageName"] == stage, (where, last)
        assert where[2].partition("*")[0] in self._why(last), (where, self._why(last))

    def succeed(self, stage: str) -> None:
        """Go on with everything there is."""
        self._go_on(stage)
        self.steps.again(self.pipeline, self.execution)

    def _go_on(self, stage: str) -> None:
        if not self.execution:
            self.execution = self.steps.start(self.pipeline)
            return
        self.steps.client(f"dee@{SHARED}", "codepipeline").retry_stage_execution(
            pipelineName=self.pipeline,
            stageName=stage,
            pipelineExecutionId=self.execution,
            retryMode="FAILED_ACTIONS",
        )

    def _fail(self, before: int, where: Where) -> None:
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            told = self.steps.executions(self.pipeline)
            (status,) = (
                one["status"] for one in told if one["pipelineExecutionId"] == self.execution
            )
            assert status != "Succeeded", f"{where} is not needed"
            if status == "Failed" and len(self._failed()) > before:
                return
            time.sleep(0.2)
        raise AssertionError(f"{where}: {self.steps.why(self.pipeline, self.execution)}")

    def _failed(self) -> list[dict[str, Any]]:
        done = self.steps.actions(self.pipeline, self.execution)
        failed = [one for one in done if one["status"] == "Failed"]
        return sorted(failed, key=lambda one: one["lastUpdateTime"])

    def _why(self, action: dict[str, Any]) -> str:
        result = action.get("output", {}).get("executionResult", {})
        build = str(result.get("externalExecutionId", ""))
        return f"{result} {self.steps.log(build) if ':' in build else ''}"


def test_scoring_fails_without_an_allow_and_goes_on_with_it(steps: Steps) -> None:
    walk = Walk(steps, "tiny-batch")
    for where in _SCORING:
        walk.without(where, "Batch")
    walk.succeed("Batch")


@pytest.mark.soak
@pytest.mark.parametrize("step", ["score", "build", "train", "evaluate", "register", "stage"])
def test_a_step_fails_without_each_allow(steps: Steps, step: str) -> None:
    (pipeline,) = (name for name, stages in _STAGES.items() if step in stages)
    walk, stage = Walk(steps, pipeline), _STAGES[pipeline][step]
    for where in _first_at(steps, step):
        walk.without(where, stage)
    walk.succeed(stage)


def _first_at(steps: Steps, step: str) -> Iterable[Where]:
    """The allows without which this step is the first to be denied."""
    for where, told in needed("alone", allowing(steps.platform.wanted, Way("retail"))).items():
        if told[0] == step and where[2] not in _QUIET:
            yield where
