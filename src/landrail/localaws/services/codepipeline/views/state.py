"""`GetPipelineState`: where each stage of a pipeline stands, and who waits before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.services.codepipeline.machine.document import (
    CONDITIONS,
    PARALLEL,
    Record,
    actions_of,
    conditions,
)
from landrail.localaws.services.codepipeline.machine.line import waiting
from landrail.localaws.services.codepipeline.views.times import full, when

_RETRIES = {"auto": "AutomatedStageRetry", "manual": "ManualStageRetry"}


def state(pipeline: Record, documents: Sequence[Record]) -> Record:
    """Return the answer; `documents` are newest first."""
    definition = pipeline["pipeline"]
    return {
        "pipelineName": definition["name"],
        "pipelineVersion": definition["version"],
        "created": when(pipeline["created"]),
        "updated": when(pipeline["updated"]),
        "stageStates": [_stage(pipeline, one, documents) for one in definition["stages"]],
    }


def _stage(pipeline: Record, stage: Mapping[str, Any], documents: Sequence[Record]) -> Record:
    name = stage["name"]
    been = [one for one in documents if name in one["stages"]]
    latest = max(been, key=lambda one: float(one["stages"][name]["at"]), default=None)
    inbound = [_execution(one, "InProgress") for one in waiting(documents, name)]
    found: Record = {}
    if latest is not None:
        begun = latest["stages"][name]
        stopping = begun["status"] == "InProgress" and latest["status"] == "Stopping"
        found["latestExecution"] = _execution(latest, "Stopping" if stopping else begun["status"])
        found["retryStageMetadata"] = _retries(begun)
        found |= _conditions(stage, latest)
    return full(
        stageName=name,
        inboundExecution=inbound[0] if inbound else None,
        inboundExecutions=inbound,
        inboundTransitionState=_transition(pipeline["disabled"].get(name)),
        actionStates=[_action(name, action, documents) for action in stage["actions"]],
        **found,
    )


def _execution(document: Mapping[str, Any], status: str) -> Record:
    return {
        "pipelineExecutionId": document["id"],
        "status": status,
        "type": document["type"],
    }


def _transition(disabled: Mapping[str, Any] | None) -> Record:
    if not disabled:
        return {"enabled": True}
    return {
        "enabled": False,
        "disabledReason": disabled["reason"],
        "lastChangedBy": disabled["by"],
        "lastChangedAt": when(disabled["at"]),
    }


def _retries(begun: Mapping[str, Any]) -> Record | None:
    retries = begun.get("retries")
    if not retries or retries["by"] is None:
        return None
    return full(
        autoStageRetryAttempt=retries["auto"] or None,
        manualStageRetryAttempt=retries["manual"] or None,
        latestRetryTrigger=_RETRIES[retries["by"]],
    )


def _conditions(stage: Mapping[str, Any], latest: Record) -> Record:
    judged = latest["stages"][stage["name"]].get("conditions") or {}
    states: Record = {}
    for kind, member in CONDITIONS.items():
        if not conditions(stage, kind):
            continue
        found = judged.get(kind)
        shape: Record = {"conditionStates": [_condition(stage, kind, found, latest)]}
        if found:
            shape["latestExecution"] = full(
                status=found["status"], summary=found.get("summary") or None
            )
        states[f"{member}ConditionState"] = shape
    return states


def _condition(
    stage: Mapping[str, Any], kind: str, found: Mapping[str, Any] | None, latest: Record
) -> Record:
    [declared] = conditions(stage, kind)
    shape: Record = {"ruleStates": []}
    if found:
        shape["latestExecution"] = full(
            status=found["status"],
            summary=found.get("summary") or None,
            lastStatusChange=when(found["at"]),
        )
    for rule in declared.get("rules") or []:
        records = [
            one
            for one in latest["rules"]
            if (one["stage"], one["kind"], one["rule"]) == (stage["name"], kind, rule["name"])
        ]
        one: Record = {"ruleName": rule["name"]}
        if records:
            one["latestExecution"] = {"ruleExecutionId": records[-1]["id"], **_ran(records[-1])}
        shape["ruleStates"].append(one)
    return shape


def _action(stage: str, action: Mapping[str, Any], documents: Sequence[Record]) -> Record:
    name = action["name"]
    found = [(one, document) for document in documents for one in actions_of(document, stage, name)]
    shape: Record = {"actionName": name}
    if not found:
        return shape
    latest, document = max(found, key=lambda one: float(one[0]["started"]))
    asks = latest["status"] == "InProgress" and document["mode"] != PARALLEL
    shape["latestExecution"] = full(
        actionExecutionId=latest["id"],
        token=latest.get("token") if asks else None,
        **_ran(latest),
    )
    if latest.get("revision"):
        shape["currentRevision"] = {
            "revisionId": latest["revision"],
            "revisionChangeId": latest["revision"],
            "created": when(latest["updated"]),
        }
    return shape


def _ran(record: Mapping[str, Any]) -> Record:
    return full(
        status=record["status"],
        summary=record.get("summary") or (record.get("verdict") or {}).get("summary"),
        lastStatusChange=when(record["updated"]),
        lastUpdatedBy=record.get("updated_by"),
        externalExecutionId=record.get("external"),
        errorDetails=record.get("error"),
    )
