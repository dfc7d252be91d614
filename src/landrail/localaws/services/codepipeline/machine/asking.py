"""What may be asked of executions: stop, retry, roll back, let pass. Each check raises what the API
answers, or returns the facts that follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.codepipeline.machine.document import (
    ACTING,
    BEFORE_ENTRY,
    ENTERING,
    LEAVING,
    LIVE,
    ON_SUCCESS,
    PARALLEL,
    Record,
    latest,
    outdated,
    same_structure,
    stage_of,
)
from landrail.localaws.services.codepipeline.machine.facts import fact
from landrail.localaws.services.codepipeline.machine.line import holder
from landrail.localaws.services.codepipeline.machine.steps import to_redo

Document = Mapping[str, Any]


def stop(document: Document, abandon: bool, reason: str | None) -> list[Record]:
    """Stop an execution, waiting for its actions or abandoning them."""
    if document["status"] not in LIVE:
        raise ApiError(
            "PipelineExecutionNotStoppableException",
            f"Unable to stop the pipeline execution. The execution {document['id']} is already "
            f"in a {document['status']} state.",
        )
    asked = document["stop"]
    if asked and not outdated(document) and (asked["abandon"] or not abandon):
        raise ApiError(
            "DuplicatedStopRequestException",
            "The pipeline execution is already in a Stopping state. If you already chose to stop "
            "and wait, you cannot make that request again. You can choose to stop and abandon now.",
        )
    return [fact("stopping", stop={"abandon": abandon, "reason": reason})]


def retry(
    documents: Collection[Document],
    document: Document,
    stage: str,
    mode: str,
    current: Document,
) -> list[Record]:
    """Do a failed stage again; `documents` are all of the pipeline, `current` is its definition as
    it is today."""
    newest_in(documents, document, stage)
    begun = document["stages"].get(stage)
    declared = stage_of(document, stage)
    if begun is None or document["status"] in LIVE or begun["status"] not in ("Failed", "Stopped"):
        raise _not_retryable("the stage contains no failed actions")
    if not same_structure(document, current):
        raise _not_retryable("the pipeline structure has changed since")
    redo = to_redo(document, declared, mode)
    phase = ACTING
    conditions = dict(begun["conditions"])
    if not redo and _all_done(document, declared):
        phase = LEAVING
    elif not any(latest(document, stage, one["name"]) for one in declared["actions"]):
        phase = ENTERING if BEFORE_ENTRY in conditions else ACTING
    facts = [fact("retried", stage=stage, by="manual", redo=redo, phase=phase)]
    if phase != ACTING:
        kind = BEFORE_ENTRY if phase == ENTERING else ON_SUCCESS
        if kind not in conditions:
            raise _not_retryable("the stage contains no failed actions")
        facts.append(fact("judged", stage=stage, condition=kind))
    return facts


def override(
    documents: Collection[Document],
    document: Document,
    stage: str,
    kind: str,
    by: str,
    current: Document,
) -> list[Record]:
    """Let an execution pass a condition that failed or is judged; `documents` and `current` as for
    `retry`."""
    newest_in(documents, document, stage)
    # What follows the stage is what it was: a gate that was added since would be passed by.
    if document["mode"] != PARALLEL and not same_structure(document, current):
        raise ApiError(
            "ConditionNotOverridableException",
            "Unable to override because the pipeline structure has changed since",
        )
    begun = document["stages"].get(stage) or {"conditions": {}, "status": None}
    status = (begun["conditions"].get(kind) or {}).get("status")
    passed = document["due"] is not None or begun["status"] not in ("Failed", "InProgress")
    passed = passed or _begun_again(document, stage, kind)
    if status not in ("Failed", "InProgress") or passed or document["stop"]:
        raise ApiError(
            "ConditionNotOverridableException",
            f"Unable to override because the condition {kind} of stage {stage} has not failed",
        )
    told = f"Overridden by {by}"
    return [fact("overridden", stage=stage, condition=kind, summary=told)]


def rollback(documents: Collection[Document], pipeline: Record, stage: str, target: str) -> Record:
    """Return the document of the execution that a stage is to go back to."""
    definition = pipeline["pipeline"]
    found = [one for one in documents if one["id"] == target]
    if not found:
        raise ApiError(
            "PipelineExecutionNotFoundException",
            f"No pipeline execution found with pipelineExecutionId = {target}",
        )
    document = found[0]
    if stage == definition["stages"][0]["name"]:
        raise _not_rolled_back("a source stage cannot be rolled back")
    if definition.get("executionMode") == PARALLEL or document["mode"] == PARALLEL:
        raise _not_rolled_back("stages of a pipeline in PARALLEL mode cannot be rolled back")
    if document["type"] != "STANDARD":
        raise _not_rolled_back(f"the execution {target} is a rollback itself")
    if document["version"] != definition["version"]:
        raise ApiError(
            "PipelineExecutionOutdatedException",
            f"The pipeline execution {target} was started in version {document['version']} of the "
            f"pipeline structure, which is now at version {definition['version']}",
        )
    if (document["stages"].get(stage) or {}).get("status") != "Succeeded":
        raise _not_rolled_back(f"the execution {target} has not succeeded in stage {stage}")
    if holder(documents, stage) is not None:
        raise _not_rolled_back(f"the stage {stage} is currently running")
    return dict(document)


def last_success(
    documents: Collection[Document], failed: Document, stage: str, version: int
) -> str | None:
    """Return the latest execution before a failed one that a stage can be rolled back to."""
    fit = [
        one
        for one in documents
        if one["id"] != failed["id"]
        and one["version"] == version
        and one["mode"] != PARALLEL
        and (one["stages"].get(stage) or {}).get("status") == "Succeeded"
    ]
    newest = max(fit, key=lambda one: float(one["stages"][stage]["at"]), default=None)
    if newest is None:
        return None
    # What a rollback brought back is what stands, and it came from the rollback's own target.
    return str(newest["target"] or newest["id"])


def newest_in(documents: Collection[Document], document: Document, stage: str) -> None:
    """Refuse where another execution has been in the stage since."""
    if document["mode"] == PARALLEL or stage not in document["stages"]:
        return
    entered = _entered(document, stage)
    later = [
        one
        for one in documents
        if one["mode"] != PARALLEL and stage in one["stages"] and _entered(one, stage) > entered
    ]
    if later or holder([one for one in documents if one["id"] != document["id"]], stage):
        raise ApiError(
            "NotLatestPipelineExecutionException",
            f"The stage has failed in a later run of the pipeline and the pipelineExecutionId "
            f"{document['id']} associated with the request is out of date.",
        )


def _entered(document: Document, stage: str) -> float:
    times = [
        float(one["at"])
        for one in document["facts"]
        if one["kind"] == "entered" and one["stage"] == stage
    ]
    return times[-1] if times else float(document["stages"][stage]["at"])


def _begun_again(document: Document, stage: str, kind: str) -> bool:
    """Say whether a stage was retried since a condition was judged: it has not come to it again."""
    again = False
    for one in document["facts"]:
        if one["kind"] == "retried" and one["stage"] == stage:
            again = True
        elif one["kind"] == "judged" and one["stage"] == stage and one["condition"] == kind:
            again = False
    return again


def _all_done(document: Document, stage: Document) -> bool:
    return all(
        (latest(document, stage["name"], one["name"]) or {}).get("status") == "Succeeded"
        for one in stage["actions"]
    )


def _not_retryable(why: str) -> ApiError:
    return ApiError(
        "StageNotRetryableException",
        f"Unable to retry. The pipeline structure or stage state might have changed while actions "
        f"awaited retry, or the stage contains no failed actions: {why}.",
    )


def _not_rolled_back(why: str) -> ApiError:
    return ApiError("UnableToRollbackStageException", f"Unable to roll back the stage: {why}.")
