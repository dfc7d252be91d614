"""An execution that is tried again and again: without an allow a stage of it fails, and it goes on
from there once the allow is back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.steps.grants import Where
from tests.steps.removing import without
from tests.steps.steps_world import SHARED, Steps

_LONGEST = 120.0
# The answer to a HEAD has no body to say for want of what, and CloudFormation has words of its own.
_OTHERWISE = (
    "An error occurred (403) when calling the HeadObject operation",
    "is invalid or cannot be assumed",
)


@dataclass
class Trial:
    """An execution of a pipeline, which `begin` begins at the first trial. A release that asks is
    approved."""

    steps: Steps
    pipeline: str
    begin: Callable[[], str]
    execution: str = ""

    def without(self, where: Where) -> str:
        """Go on without an allow; return the stage that fails for want of it, or what is wrong."""
        before = len(self._failed()) if self.execution else 0
        with without(self.steps, where):
            self._go_on()
            status = self._end(before)
        if status != "Failed":
            self.execution = ""
            return f"{' / '.join(where)} is not needed: {status}"
        last = self._failed()[-1]
        why = self._why(last)
        if not any(said in why for said in (where[2].partition("*")[0], *_OTHERWISE)):
            return f"{' / '.join(where)} fails {last['stageName']} otherwise: {why[-1500:]}"
        return str(last["stageName"])

    def succeed(self) -> None:
        """Go on with everything there is."""
        self._go_on()
        status = self._end(len(self._failed()))
        assert status == "Succeeded", self.steps.why(self.pipeline, self.execution)

    def _go_on(self) -> None:
        if not self.execution:
            self.execution = self.begin()
        elif self._status() == "Failed":
            self.steps.client(f"dee@{SHARED}", "codepipeline").retry_stage_execution(
                pipelineName=self.pipeline,
                stageName=self._failed()[-1]["stageName"],
                pipelineExecutionId=self.execution,
                retryMode="FAILED_ACTIONS",
            )

    def _end(self, before: int) -> str:
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            status = self._status()
            if status == "Succeeded" or (status == "Failed" and len(self._failed()) > before):
                return status
            done = self.steps.actions(self.pipeline, self.execution)
            if ("Approval", "InProgress") in {(one["stageName"], one["status"]) for one in done}:
                self.steps.approve(self.pipeline, self.execution, "fay")
            time.sleep(0.2)
        return f"no end: {self.steps.why(self.pipeline, self.execution)}"

    def _status(self) -> str:
        told = self.steps.executions(self.pipeline)
        ours = (one for one in told if one["pipelineExecutionId"] == self.execution)
        return str(next(ours)["status"])

    def _failed(self) -> list[dict[str, Any]]:
        done = self.steps.actions(self.pipeline, self.execution)
        failed = [one for one in done if one["status"] == "Failed"]
        return sorted(failed, key=lambda one: one["lastUpdateTime"])

    def _why(self, action: dict[str, Any]) -> str:
        result = action.get("output", {}).get("executionResult", {})
        build = str(result.get("externalExecutionId", ""))
        return f"{result} {self.steps.log(build) if ':' in build else ''}"
