"""Acts on a model's pipelines: run, stop, retry, answer an approval, roll back.

Each says beforehand, as far as it can be known, why it cannot be done and what can.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from landrail.aws.errors import CallError, failure
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.operations.runs.opened import Opened, Pipeline, check_stage
from landrail.operations.runs.state import ActionRun, Approval, Run, actions, approvals, runs
from landrail.spec.terms import unfit

_LOOKED_AT = 100  # executions: as many as one page of CodePipeline holds
_SHORTEST = 4  # characters of an execution's id that name it


@dataclass(frozen=True, slots=True)
class Began:
    """An execution that began, and its pipeline."""

    pipeline: Pipeline
    execution: str


def start(
    opened: Opened, pipeline: Pipeline, variables: Mapping[str, str], revision: str | None
) -> Began:
    """Start a pipeline, at the newest revision of its source or at `revision`; raises Mistakes for
    variables that it does not have or cannot hand on, and Failure."""
    wrong = [name for name in variables if name not in pipeline.variables]
    missing = [
        name
        for name, default in pipeline.variables.items()
        if default is None and name not in variables
    ]
    found = [_unknown(pipeline, name) for name in wrong]
    found += [
        Diagnostic(f"`{name}`: {reason}", "what is longer or richer belongs into the repository")
        for name, value in variables.items()
        if (reason := unfit(value)) is not None
    ]
    found += [
        Diagnostic(f"`{pipeline.name}` needs a value of `{name}`", f"give `--set {name}=VALUE`")
        for name in missing
    ]
    if found:
        raise Mistakes(found)
    given: dict[str, Any] = {}
    if variables:
        given["variables"] = [{"name": k, "value": v} for k, v in variables.items()]
    if revision:
        kind = "S3_OBJECT_VERSION_ID" if _takes_objects(opened, pipeline) else "COMMIT_ID"
        given["sourceRevisions"] = [
            {"actionName": pipeline.source, "revisionType": kind, "revisionValue": revision}
        ]
    answer = _made(
        opened, f"starting {pipeline.name}", "StartPipelineExecution", name=pipeline.name, **given
    )
    return Began(pipeline, str(answer["pipelineExecutionId"]))


def stop(opened: Opened, run: Run, *, abandon: bool, reason: str) -> None:
    """Stop an execution: what runs is waited for, or abandoned; raises Failure."""
    if run.ended:
        raise Failure(f"execution {run.execution} of {run.pipeline} has {run.status_words} already")
    _made(
        opened,
        f"stopping {run.pipeline}",
        "StopPipelineExecution",
        pipelineName=run.pipeline,
        pipelineExecutionId=run.execution,
        abandon=abandon,
        reason=reason,
    )


def retry(opened: Opened, run: Run, *, everything: bool) -> str:
    """Run the failed stage of an execution again, its failed actions or all of them, and return the
    stage; raises Failure where none failed."""
    failed = _failed_stage(opened, run, actions(opened, run.pipeline, run.execution))
    _made(
        opened,
        f"retrying {failed} of {run.pipeline}",
        "RetryStageExecution",
        pipelineName=run.pipeline,
        stageName=failed,
        pipelineExecutionId=run.execution,
        retryMode="ALL_ACTIONS" if everything else "FAILED_ACTIONS",
    )
    return failed


def waiting(opened: Opened) -> list[Approval]:
    """Return the approvals of all pipelines of the model that wait."""
    return [one for pipeline in opened.pipelines for one in approvals(opened, pipeline)]


def answer(opened: Opened, approval: Approval, *, approve: bool, comment: str) -> datetime:
    """Approve or reject, and return when that was taken; raises Failure."""
    told = _made(
        opened,
        f"{'approving' if approve else 'rejecting'} {approval.action} of {approval.pipeline}",
        "PutApprovalResult",
        pipelineName=approval.pipeline,
        stageName=approval.stage,
        actionName=approval.action,
        token=approval.token,
        result={"status": "Approved" if approve else "Rejected", "summary": comment},
    )
    taken: datetime = told["approvedAt"]
    return taken


def roll_back(opened: Opened, stage: str, to: str | None) -> tuple[Began, Run]:
    """Put what the last execution before the one that is live brought to `stage`, or the one named
    by `to`, there again; return the execution that does it and its target. Raises Mistakes and
    Failure."""
    pipeline = with_stage(opened, stage)[0]
    target = _target(opened, pipeline, stage, to)
    told = _made(
        opened,
        f"rolling back {stage} of {pipeline.name}",
        "RollbackStage",
        pipelineName=pipeline.name,
        stageName=stage,
        targetPipelineExecutionId=target.execution,
    )
    return Began(pipeline, str(told["pipelineExecutionId"])), target


def is_named(execution: str, name: str) -> bool:
    """Whether a name is an execution's id, or enough of its first characters."""
    return execution == name or (len(name) >= _SHORTEST and execution.startswith(name))


def find(opened: Opened, name: str, among: Sequence[Pipeline] = ()) -> Run:
    """Return the execution that an id or its first characters name; raises Mistakes."""
    found = [
        run
        for pipeline in among or opened.pipelines
        for run in runs(opened, pipeline, _LOOKED_AT)
        if is_named(run.execution, name)
    ]
    if len(found) == 1:
        return found[0]
    what = "several executions begin" if found else "no execution begins"
    remedy = f"`landrail model log {opened.model}` lists them"
    raise Mistakes([Diagnostic(f"{what} with `{name}`", remedy)])


def newest(opened: Opened, *, going: bool, among: Sequence[Pipeline] = ()) -> Run:
    """Return the newest execution of the model's pipelines; with `going` the only one that has not
    ended. Raises Failure where there is none, Mistakes where there are several."""
    every = [
        run
        for pipeline in among or opened.pipelines
        for run in runs(opened, pipeline, _LOOKED_AT if going else 1)
    ]
    if going:
        every = [run for run in every if not run.ended]
    if not every:
        what = "no pipeline of {} is running" if going else "no pipeline of {} has run yet"
        raise Failure(what.format(opened.model), f"`landrail model run {opened.model}` starts one")
    if going and len(every) > 1:
        listed = ", ".join(f"{run.execution[:8]} of {run.pipeline}" for run in every)
        raise Mistakes([Diagnostic("several executions are under way", f"give `--run`: {listed}")])
    return max(every, key=lambda run: run.started)


def with_stage(opened: Opened, stage: str) -> list[Pipeline]:
    """Return the model's pipelines that have a stage; raises Mistakes where none does."""
    stages = sorted({one for pipeline in opened.pipelines for one in pipeline.stages})
    check_stage(stage, stages, opened.model)
    return [one for one in opened.pipelines if stage in one.stages]


def _target(opened: Opened, pipeline: Pipeline, stage: str, to: str | None) -> Run:
    """Return the execution to go back to: the last that passed the stage before the one whose
    artifacts are there now. A rollback counts as its target."""
    if to is not None:
        return find(opened, to, (pipeline,))
    every = runs(opened, pipeline, _LOOKED_AT)
    passed = _passed(opened, pipeline, stage)
    released = [run for run in every if run.execution in passed]
    if released:
        live = released[0].rolls_back_to or released[0].execution
        began = next((run.started for run in every if run.execution == live), released[0].started)
        for run in released:
            if not run.rolls_back_to and run.execution != live and run.started < began:
                return run
    raise Failure(
        f"there is no earlier release of {opened.model} to go back to",
        f"`landrail model log {opened.model}` lists what was released",
    )


def _passed(opened: Opened, pipeline: Pipeline, stage: str) -> frozenset[str]:
    """Return the executions of which every action of a stage succeeded, at the last attempt."""
    latest = {
        (one.execution, one.name): one.status
        for one in actions(opened, pipeline.name)
        if one.stage == stage
    }
    wrong = {execution for (execution, _), status in latest.items() if status != "Succeeded"}
    return frozenset(execution for execution, _ in latest) - wrong


def _failed_stage(opened: Opened, run: Run, done: Sequence[ActionRun]) -> str:
    latest = {(one.stage, one.name): one for one in done}
    failed = [one.stage for one in latest.values() if one.status in ("Failed", "Abandoned")]
    if not failed:
        raise Failure(
            f"no stage of execution {run.execution} of {run.pipeline} failed",
            f"its status: {run.status_words}; `landrail model run {opened.model}` starts a new one",
        )
    return failed[-1]


def _takes_objects(opened: Opened, pipeline: Pipeline) -> bool:
    told = opened.call("codepipeline", "GetPipeline", name=pipeline.name)["pipeline"]
    provider = told["stages"][0]["actions"][0]["actionTypeId"]["provider"]
    return str(provider) == "S3"


def _unknown(pipeline: Pipeline, name: str) -> Diagnostic:
    near = nearest(name, list(pipeline.variables))
    listed = f"its variables: {', '.join(pipeline.variables) or 'none'}"
    return Diagnostic(
        f"`{pipeline.name}` has no variable `{name}`",
        f"did you mean `{near}`? {listed}" if near else listed,
    )


def _made(opened: Opened, doing: str, operation: str, **parameters: Any) -> dict[str, Any]:
    try:
        return opened.call("codepipeline", operation, **parameters)
    except CallError as error:
        raise failure(error, doing) from error
