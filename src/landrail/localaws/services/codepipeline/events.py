"""The events a pipeline publishes about its executions, stages and actions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.announcing import Origin, announce
from landrail.localaws.api import Platform

_STATES = {
    "InProgress": "STARTED",
    "Succeeded": "SUCCEEDED",
    "Failed": "FAILED",
    "Stopping": "STOPPING",
    "Stopped": "STOPPED",
    "Cancelled": "CANCELED",
    "Superseded": "SUPERSEDED",
    "Abandoned": "ABANDONED",
    "Resumed": "RESUMED",
    "Skipped": "SKIPPED",
}


def publish(
    platform: Platform,
    kind: str,
    document: Mapping[str, Any],
    status: str,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Publish "CodePipeline KIND Execution State Change"; a lost event is only logged."""
    started = datetime.fromtimestamp(document["started"], UTC)
    detail = {
        "pipeline": document["name"],
        "execution-id": document["id"],
        "start-time": started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "state": _STATES[status],
        "version": document["version"],
        "execution-trigger": {
            "trigger-type": document["trigger"].get("triggerType"),
            "trigger-detail": document["trigger"].get("triggerDetail"),
        },
        **(more or {}),
    }
    origin = Origin(document["account"], document["region"], document["arn"])
    announce(
        platform, "codepipeline", origin, f"CodePipeline {kind} Execution State Change", detail
    )
