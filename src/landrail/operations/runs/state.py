"""What pipelines are doing and did: executions, their stages and actions, approvals that wait.

Read from CodePipeline alone, by the operations that people of a team may call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from landrail.operations.runs.opened import Opened, Pipeline

ENDED = ("Succeeded", "Failed", "Stopped", "Cancelled", "Superseded")


@dataclass(frozen=True, slots=True)
class ActionRun:
    """One action of an execution. `external` is the build's or the stack's id, `said` the failure
    or the comment of an approval, `by` who answered it."""

    execution: str
    stage: str
    name: str
    provider: str
    status: str
    started: datetime
    ended: datetime | None
    external: str
    said: str
    by: str

    @property
    def seconds(self) -> float | None:
        """How long it took."""
        return (self.ended - self.started).total_seconds() if self.ended else None


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a pipeline. `trigger` is what started it, `revision` what was taken in,
    `stopped` why somebody stopped it."""

    pipeline: str
    execution: str
    status: str
    started: datetime
    updated: datetime
    trigger: str
    revision: str
    rolls_back_to: str = ""
    stopped: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing of it goes on."""
        return self.status in ENDED

    @property
    def status_words(self) -> str:
        """Its status in a sentence: `failed`, `in progress`."""
        return {"InProgress": "in progress"}.get(self.status, self.status.lower())


@dataclass(frozen=True, slots=True)
class Approval:
    """A manual approval that waits: where, since when, the words of the pipeline, and the token
    that an answer must carry."""

    pipeline: str
    execution: str
    stage: str
    action: str
    token: str
    since: datetime


def runs(opened: Opened, pipeline: Pipeline, limit: int) -> list[Run]:
    """Return the newest executions of a pipeline, newest first."""
    found: list[Run] = []
    page: dict[str, Any] = {}
    while len(found) < limit:
        answer = opened.call(
            "codepipeline",
            "ListPipelineExecutions",
            pipelineName=pipeline.name,
            maxResults=min(100, limit - len(found)),
            **page,
        )
        found += [_run(pipeline.name, one) for one in answer["pipelineExecutionSummaries"]]
        if "nextToken" not in answer:
            break
        page = {"nextToken": answer["nextToken"]}
    return found[:limit]


def actions(opened: Opened, pipeline: str, execution: str | None = None) -> list[ActionRun]:
    """Return the actions of an execution, or of all that CodePipeline remembers, in the order in
    which they began."""
    found: list[ActionRun] = []
    page: dict[str, Any] = {}
    if execution is not None:
        page["filter"] = {"pipelineExecutionId": execution}
    while True:
        answer = opened.call(
            "codepipeline",
            "ListActionExecutions",
            pipelineName=pipeline,
            **page,
        )
        found += [_action(one) for one in answer["actionExecutionDetails"]]
        if "nextToken" not in answer:
            return sorted(found, key=lambda one: one.started)
        page["nextToken"] = answer["nextToken"]


def approvals(opened: Opened, pipeline: Pipeline) -> Iterator[Approval]:
    """Yield the approvals of a pipeline that wait for an answer. Executions in PARALLEL mode are
    answered by the id that their action has outside (API reference, PutApprovalResult)."""
    if pipeline.parallel:
        going = (run for run in runs(opened, pipeline, 100) if not run.ended)
        for run in going:
            for one in actions(opened, pipeline.name, run.execution):
                if (one.provider, one.status) == ("Manual", "InProgress") and one.external:
                    yield Approval(
                        run.pipeline, run.execution, one.stage, one.name, one.external, one.started
                    )
        return
    answer = opened.call("codepipeline", "GetPipelineState", name=pipeline.name)
    for stage in answer["stageStates"]:
        for action in stage["actionStates"]:
            latest = action.get("latestExecution", {})
            if latest.get("status") == "InProgress" and "token" in latest:
                yield Approval(
                    pipeline=pipeline.name,
                    execution=str(stage["latestExecution"]["pipelineExecutionId"]),
                    stage=str(stage["stageName"]),
                    action=str(action["actionName"]),
                    token=str(latest["token"]),
                    since=latest["lastStatusChange"],
                )


def _run(pipeline: str, told: dict[str, Any]) -> Run:
    trigger = told.get("trigger", {})
    revisions = [
        f"{str(one.get('revisionId', ''))[:12]} {one.get('revisionSummary') or ''}".strip()
        for one in told.get("sourceRevisions", ())
    ]
    return Run(
        pipeline=pipeline,
        execution=str(told["pipelineExecutionId"]),
        status=str(told["status"]),
        started=told["startTime"],
        updated=told["lastUpdateTime"],
        trigger=_trigger(trigger),
        revision=", ".join(revisions),
        rolls_back_to=str(
            told.get("rollbackMetadata", {}).get("rollbackTargetPipelineExecutionId", "")
        ),
        stopped=str(told.get("stopTrigger", {}).get("reason", "")),
    )


def _trigger(told: dict[str, Any]) -> str:
    kind, detail = str(told.get("triggerType", "")), str(told.get("triggerDetail", ""))
    last = detail.rpartition("/")[2]
    return f"{kind} {last}".strip()


def _action(told: dict[str, Any]) -> ActionRun:
    given, made = told.get("input", {}), told.get("output", {})
    result = made.get("executionResult", {})
    error = result.get("errorDetails", {}).get("message", "")
    return ActionRun(
        execution=str(told["pipelineExecutionId"]),
        stage=str(told["stageName"]),
        name=str(told["actionName"]),
        provider=str(given.get("actionTypeId", {}).get("provider", "")),
        status=str(told["status"]),
        started=told["startTime"],
        ended=told["lastUpdateTime"] if told["status"] != "InProgress" else None,
        external=str(result.get("externalExecutionId", "")),
        said=str(error or result.get("externalExecutionSummary", "")),
        by=str(told.get("updatedBy", "")).rpartition("/")[2],
    )
