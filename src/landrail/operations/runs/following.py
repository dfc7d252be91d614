"""Following a pipeline as a person would: its stages as they change, its failure in its words."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from landrail.diagnostics import Failure

_Found = TypeVar("_Found")
Tell = Callable[[str], None]
_STEP = 0.25  # seconds between two looks
_LONGEST = 900.0
_ENDED = ("Succeeded", "Failed", "Stopped", "Cancelled", "Superseded")


class Caller(Protocol):
    """Somebody who makes calls."""

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        """Make one API call."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A manual approval that waits: its place in the pipeline and the token to answer with."""

    stage: str
    action: str
    token: str


class Follower:
    """Looks at one pipeline as one person and tells each stage's change once."""

    def __init__(
        self, actor: Caller, pipeline: str, tell: Tell, *, longest: float = _LONGEST
    ) -> None:
        """Follow for `longest` seconds at most."""
        self._longest = longest
        self._actor = actor
        self._pipeline = pipeline
        self._tell = tell
        self._told: dict[str, str] = {}

    def newest(self, known: frozenset[str] = frozenset()) -> str:
        """Wait for an execution that is not among `known` and return its id."""
        return self._until(lambda: next((e for e in self.executions() if e not in known), None))

    def executions(self) -> list[str]:
        """Return the ids of the pipeline's executions, newest first."""
        return [str(one["pipelineExecutionId"]) for one in self._summaries()]

    def past(self, stage: str, execution: str) -> None:
        """Wait until a stage of an execution succeeded; raises Failure where it fails."""

        def look() -> bool | None:
            self._raise_for(execution)
            found = self._stages(execution).get(stage, {}).get("latestExecution", {})
            return True if found.get("status") == "Succeeded" else None

        self._until(look)

    def end(self, execution: str) -> None:
        """Wait until an execution succeeded; raises Failure with the failed action's message."""
        self._until(lambda: True if self._raise_for(execution) == "Succeeded" else None)

    def pause(self, execution: str) -> Waiting | None:
        """Wait until an execution succeeded or asks for approval, which is returned; raises
        Failure where it fails."""

        def look() -> Waiting | bool | None:
            if self._raise_for(execution) == "Succeeded":
                return True
            return next(self._waiting(execution), None)

        found = self._until(look)
        return found if isinstance(found, Waiting) else None

    def approval(self, execution: str) -> Waiting:
        """Wait until an execution asks for approval."""

        def look() -> Waiting | None:
            self._raise_for(execution)
            return next(self._waiting(execution), None)

        return self._until(look)

    def _raise_for(self, execution: str) -> str:
        answer = self._actor.call(
            "codepipeline",
            "GetPipelineExecution",
            pipelineName=self._pipeline,
            pipelineExecutionId=execution,
        )["pipelineExecution"]
        self._stages(execution)  # asked later, so that of an execution that ended all is told
        status = str(answer["status"])
        if status in _ENDED and status != "Succeeded":
            raise Failure(
                f"execution {execution} of the pipeline {self._pipeline}: {status.lower()}",
                self._why(execution, status)
                or answer.get("statusSummary")
                or "`landrail model log` shows what each action did",
            )
        return status

    def _summaries(self) -> list[dict[str, Any]]:
        answer = self._actor.call(
            "codepipeline", "ListPipelineExecutions", pipelineName=self._pipeline
        )
        return list(answer["pipelineExecutionSummaries"])

    def _stages(self, execution: str) -> dict[str, Any]:
        """Return the stages where this execution is the latest, and tell those that changed."""
        answer = self._actor.call("codepipeline", "GetPipelineState", name=self._pipeline)
        stages = {
            str(stage["stageName"]): stage
            for stage in answer["stageStates"]
            if stage.get("latestExecution", {}).get("pipelineExecutionId") == execution
        }
        for name, stage in stages.items():
            status = str(stage["latestExecution"].get("status", ""))
            mark = f"{execution} {status}"
            if status and self._told.get(name) != mark:
                self._told[name] = mark
                self._tell(f"{self._pipeline}: {name} {status}")
        return stages

    def _waiting(self, execution: str) -> Iterator[Waiting]:
        for name, stage in self._stages(execution).items():
            for action in stage["actionStates"]:
                latest = action.get("latestExecution", {})
                if latest.get("status") == "InProgress" and "token" in latest:
                    yield Waiting(name, str(action["actionName"]), str(latest["token"]))

    def _why(self, execution: str, status: str) -> str:
        """Return what the action of the execution that failed last said, or why it was stopped:
        then what failed before says nothing of its end."""
        if status == "Stopped":
            found = self._summaries()
            mine = (one for one in found if one["pipelineExecutionId"] == execution)
            return next((str(one.get("stopTrigger", {}).get("reason", "")) for one in mine), "")
        if status != "Failed":
            return ""
        told = self._actor.call(
            "codepipeline",
            "ListActionExecutions",
            pipelineName=self._pipeline,
            filter={"pipelineExecutionId": execution},
        )["actionExecutionDetails"]
        for action in told:
            if action["status"] == "Failed":
                result = action.get("output", {}).get("executionResult", {})
                detail = result.get("errorDetails", {}).get("message", "no message")
                return f"{action['actionName']}: {detail}"
        return ""

    def _until(self, look: Callable[[], _Found | None]) -> _Found:
        end = time.monotonic() + self._longest
        while time.monotonic() < end:
            found = look()
            if found is not None:
                return found
            time.sleep(_STEP)
        raise Failure(f"the pipeline {self._pipeline} does not go on after {self._longest:.0f} s")
