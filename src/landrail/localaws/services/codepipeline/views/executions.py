"""`PipelineExecution` and `PipelineExecutionSummary`."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.codepipeline.machine.document import Record, outdated
from landrail.localaws.services.codepipeline.views.times import full, when


def execution(document: Record) -> dict[str, Any]:
    """Return `PipelineExecution`."""
    return full(
        pipelineName=document["name"],
        pipelineVersion=document["version"],
        pipelineExecutionId=document["id"],
        status=document["status"],
        statusSummary=document["summary"],
        artifactRevisions=[
            full(
                name=one["name"],
                revisionId=one["id"],
                revisionSummary=one["summary"] or None,
                revisionUrl=one.get("url"),
            )
            for one in document["revisions"]
        ],
        variables=[
            {"name": name, "resolvedValue": value} for name, value in document["variables"].items()
        ],
        trigger=document["trigger"],
        executionMode=document["mode"],
        executionType=document["type"],
        rollbackMetadata=_rollback(document),
    )


def summary(document: Record) -> dict[str, Any]:
    """Return `PipelineExecutionSummary`."""
    return full(
        pipelineExecutionId=document["id"],
        status=document["status"],
        statusSummary=document["summary"],
        startTime=when(document["started"]),
        lastUpdateTime=when(document["updated"]),
        sourceRevisions=[
            full(
                actionName=one["action"],
                revisionId=one["id"],
                revisionSummary=one["summary"] or None,
                revisionUrl=one.get("url"),
            )
            for one in document["revisions"]
        ],
        trigger=document["trigger"],
        stopTrigger=_stop(document),
        executionMode=document["mode"],
        executionType=document["type"],
        rollbackMetadata=_rollback(document),
    )


def _stop(document: Record) -> dict[str, str] | None:
    asked = document["stop"] and not outdated(document)
    return full(reason=document["stop"]["reason"]) if asked else None


def _rollback(document: Record) -> dict[str, str] | None:
    target = document["target"]
    return {"rollbackTargetPipelineExecutionId": target} if target else None
