"""The events a pipeline publishes about its executions, stages and actions."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform

PRINCIPAL = Caller(kind="service", arn="codepipeline.amazonaws.com", account=None)
_STATES = {
    "InProgress": "STARTED",
    "Succeeded": "SUCCEEDED",
    "Failed": "FAILED",
    "Stopping": "STOPPING",
    "Stopped": "STOPPED",
    "Superseded": "SUPERSEDED",
    "Abandoned": "ABANDONED",
    "Resumed": "RESUMED",
    "Skipped": "SKIPPED",
}
_log = logging.getLogger(__name__)


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
    entry = {
        "Source": "aws.codepipeline",
        "DetailType": f"CodePipeline {kind} Execution State Change",
        "Resources": [document["arn"]],
        "Detail": json.dumps(detail),
    }
    try:
        platform.call(
            PRINCIPAL,
            "events",
            "PutEvents",
            {"Entries": [entry]},
            region=document["region"],
            account=document["account"],
        )
    except ApiError as error:
        _log.warning("the event of pipeline %s was not taken: %s", document["name"], error)
