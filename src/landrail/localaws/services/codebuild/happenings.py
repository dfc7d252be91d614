"""What Events is told of a build that began or ended, in AWS's words.

Variables are left out: their values are nobody's business who only listens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def told(build: Mapping[str, Any]) -> dict[str, Any]:
    """Return the detail of a `CodeBuild Build State Change`."""
    environment, source = build["environment"], build["source"]
    logs = build["logs"]
    more: dict[str, Any] = {
        "artifact": {"location": build["artifacts"].get("shownLocation") or ""},
        "build-complete": build["buildComplete"],
        "build-number": float(build["buildNumber"]),
        "build-start-time": _time(build["startTime"]),
        "environment": {
            "compute-type": environment["computeType"],
            "image": environment["image"],
            "privileged-mode": bool(environment.get("privilegedMode")),
            "type": environment["type"],
        },
        "initiator": build["initiator"],
        "logs": {
            "group-name": logs.get("groupName"),
            "stream-name": logs.get("streamName"),
        },
        "phases": [_phase(one) for one in build["phases"]],
        "queued-timeout-in-minutes": float(build["queuedTimeoutInMinutes"]),
        "source": {"location": source.get("location") or "", "type": source["type"]},
        "source-version": build.get("sourceVersion") or "",
        "timeout-in-minutes": float(build["timeoutInMinutes"]),
    }
    return {
        "additional-information": more,
        "build-id": build["arn"],
        "build-status": build["buildStatus"],
        "current-phase": build["currentPhase"],
        "current-phase-context": "[]",
        "project-name": build["projectName"],
        "version": "1",
    }


def _phase(phase: Mapping[str, Any]) -> dict[str, Any]:
    found = {"phase-type": phase["phaseType"], "start-time": _time(phase["startTime"])}
    if "endTime" in phase:
        found |= {
            "duration-in-seconds": float(phase["durationInSeconds"]),
            "end-time": _time(phase["endTime"]),
            "phase-context": [
                f"{one['statusCode']}: {one['message']}" for one in phase.get("contexts") or []
            ],
            "phase-status": phase["phaseStatus"],
        }
    return found


def _time(seconds: float) -> str:
    """Return a time as CodeBuild's events have it, `Sep 1, 2017 4:12:29 PM`."""
    when = datetime.fromtimestamp(seconds, UTC)
    return f"{when:%b} {when.day}, {when.year} {when:%I:%M:%S %p}".replace(" 0", " ")
