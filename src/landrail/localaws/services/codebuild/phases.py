"""What happened in a build, as AWS tells it: the list of phases with status, times and contexts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NAMES = {
    "install": "INSTALL",
    "pre_build": "PRE_BUILD",
    "build": "BUILD",
    "post_build": "POST_BUILD",
}


@dataclass(slots=True)
class Phases:
    """The phases of one build, growing while it runs."""

    done: list[dict[str, Any]] = field(default_factory=list)

    @property
    def current(self) -> str:
        """The name of the phase the build is in."""
        return str(self.done[-1]["phaseType"]) if self.done else "SUBMITTED"

    def begin(self, name: str) -> None:
        """Enter a phase; the one before is over."""
        self.end()
        self.done.append({"phaseType": name, "startTime": time.time()})

    def end(self, status: str = "SUCCEEDED", code: str = "", message: str = "") -> None:
        """Close the phase that is open, if one is."""
        if not self.done or "endTime" in self.done[-1]:
            return
        phase, now = self.done[-1], time.time()
        phase["phaseStatus"] = status
        phase["endTime"] = now
        phase["durationInSeconds"] = int(now - phase["startTime"])
        phase["contexts"] = [{"statusCode": code, "message": message}] if code or message else []

    def end_with(self, code: str, message: str) -> None:
        """Fail the last phase for what went wrong after it."""
        if not self.done:
            return
        if "endTime" not in self.done[-1]:
            self.end("FAILED", code, message)
            return
        self.done[-1]["phaseStatus"] = "FAILED"
        self.done[-1]["contexts"].append({"statusCode": code, "message": message})

    def finish(self) -> None:
        """Add the phase that says the build is over."""
        self.end()
        self.done.append({"phaseType": "COMPLETED", "startTime": time.time()})


def shown(phases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return stored phases in the shape of the API (times as dates)."""
    return [
        {
            key: datetime.fromtimestamp(value, UTC) if key in ("startTime", "endTime") else value
            for key, value in phase.items()
        }
        for phase in phases
    ]
