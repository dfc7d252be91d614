"""Executions and states in the shapes of the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.services.codepipeline.definition import actions
from landrail.localaws.services.codepipeline.execution import Record, actions_of


def when(seconds: float) -> datetime:
    """Return a time as the API gives it."""
    return datetime.fromtimestamp(seconds, UTC)


def execution(document: Record) -> dict[str, Any]:
    """Return `PipelineExecution`."""
    return _full(
        pipelineName=document["name"],
        pipelineVersion=document["version"],
        pipelineExecutionId=document["id"],
        status=document["status"],
        statusSummary=document["summary"],
        artifactRevisions=[
            {"name": one["name"], "revisionId": one["id"], "revisionSummary": one["summary"]}
            for one in document["revisions"]
        ],
        variables=[
            {"name": name, "resolvedValue": value} for name, value in document["variables"].items()
        ],
        trigger=document["trigger"],
        executionMode=document["mode"],
        executionType="STANDARD",
    )


def summary(document: Record) -> dict[str, Any]:
    """Return `PipelineExecutionSummary`."""
    return _full(
        pipelineExecutionId=document["id"],
        status=document["status"],
        statusSummary=document["summary"],
        startTime=when(document["started"]),
        lastUpdateTime=when(document["updated"]),
        sourceRevisions=[
            {
                "actionName": one["action"],
                "revisionId": one["id"],
                "revisionSummary": one["summary"],
            }
            for one in document["revisions"]
        ],
        trigger=document["trigger"],
        stopTrigger=_full(reason=document["stop"]["reason"]) if document["stop"] else None,
        executionMode=document["mode"],
        executionType="STANDARD",
    )


def action_details(document: Record) -> list[dict[str, Any]]:
    """Return `ActionExecutionDetail` for each action that ran, the newest first."""
    defined = {
        (stage["name"], action["name"]): action for stage, action in actions(document["definition"])
    }
    return [
        _detail(document, one, defined[one["stage"], one["action"]])
        for one in reversed(document["actions"])
    ]


def _detail(document: Record, record: Record, action: Mapping[str, Any]) -> dict[str, Any]:
    result = _full(
        externalExecutionId=record.get("external"),
        externalExecutionSummary=record.get("summary"),
        errorDetails=record.get("error"),
    )
    return _full(
        pipelineExecutionId=document["id"],
        actionExecutionId=record["id"],
        pipelineVersion=document["version"],
        stageName=record["stage"],
        actionName=record["action"],
        startTime=when(record["started"]),
        lastUpdateTime=when(record["updated"]),
        updatedBy=record.get("updated_by"),
        status=record["status"],
        input=_full(
            actionTypeId=action["actionTypeId"],
            configuration=record["configuration"],
            resolvedConfiguration=record.get("resolved"),
            roleArn=action.get("roleArn"),
            region=document["region"],
            inputArtifacts=_places(record.get("inputs")),
            namespace=action.get("namespace"),
        ),
        output={
            "outputArtifacts": _places(record.get("outputs")),
            "executionResult": result,
            "outputVariables": record.get("variables") or {},
        },
    )


def state(pipeline: Record, documents: list[Record], waiting: Mapping[str, list[str]]) -> Record:
    """Return the answer of GetPipelineState; `documents` are newest first."""
    definition = pipeline["pipeline"]
    return {
        "pipelineName": definition["name"],
        "pipelineVersion": definition["version"],
        "created": when(pipeline["created"]),
        "updated": when(pipeline["updated"]),
        "stageStates": [
            _stage(pipeline, stage, documents, waiting.get(stage["name"], []))
            for stage in definition["stages"]
        ],
    }


def _stage(
    pipeline: Record, stage: Mapping[str, Any], documents: list[Record], waiting: list[str]
) -> Record:
    name = stage["name"]
    disabled = pipeline["disabled"].get(name)
    transition: Record = {"enabled": disabled is None}
    if disabled:
        transition |= {
            "disabledReason": disabled["reason"],
            "lastChangedBy": disabled["by"],
            "lastChangedAt": when(disabled["at"]),
        }
    been = [one for one in documents if name in one["stages"]]
    latest = max(been, key=lambda one: one["stages"][name]["at"], default=None)
    inbound = [{"pipelineExecutionId": one, "status": "InProgress"} for one in waiting]
    return _full(
        stageName=name,
        inboundExecution=inbound[-1] if inbound else None,
        inboundExecutions=inbound,
        inboundTransitionState=transition,
        actionStates=[_action(name, action, documents) for action in stage["actions"]],
        latestExecution={
            "pipelineExecutionId": latest["id"],
            "status": latest["stages"][name]["status"],
            "type": "STANDARD",
        }
        if latest
        else None,
    )


def _action(stage: str, action: Mapping[str, Any], documents: list[Record]) -> Record:
    records = [one for document in documents for one in actions_of(document, stage, action["name"])]
    latest = max(records, key=lambda one: one["started"], default=None)
    shape: Record = {"actionName": action["name"]}
    if latest is None:
        return shape
    shape["latestExecution"] = _full(
        actionExecutionId=latest["id"],
        status=latest["status"],
        summary=latest.get("summary") or (latest.get("verdict") or {}).get("summary"),
        lastStatusChange=when(latest["updated"]),
        token=latest.get("token") if latest["status"] == "InProgress" else None,
        lastUpdatedBy=latest.get("updated_by"),
        externalExecutionId=latest.get("external"),
        errorDetails=latest.get("error"),
    )
    if latest.get("revision"):
        shape["currentRevision"] = {
            "revisionId": latest["revision"],
            "revisionChangeId": latest["revision"],
            "created": when(latest["updated"]),
        }
    return shape


def _places(places: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [
        {"name": name, "s3location": {"bucket": bucket, "key": key}}
        for name, (bucket, key) in (places or {}).items()
    ]


def _full(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
