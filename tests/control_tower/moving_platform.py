"""Moving a platform that stands onto a landing zone that is set up later, watched as it goes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from tower_platform import Standing, stand

from landrail.operations.apply import apply_plan
from landrail.operations.performing import Result
from landrail.operations.plan import Prepared
from landrail.operations.tower import set_up
from landrail.plan import Change


@dataclass
class Watching:
    """Hears of every change; `after` is done once one is made."""

    after: Callable[[Change], None]
    finished_ones: list[str] = field(default_factory=list)

    def started(self, change: Change) -> None:
        """Nothing yet."""

    def progressed(self, change: Change, words: str) -> None:
        """Nothing yet."""

    def finished(self, change: Change, error: str | None) -> None:
        """Remember it."""
        assert error is None, (change.address, error)
        self.finished_ones.append(str(change.address))
        self.after(change)


@dataclass
class Moved:
    """What became of the move: the plan of it, the apply that was cut off, the one after."""

    standing: Standing
    plan: Prepared
    cut_off: Result
    finished: Result
    order: list[str]
    trails: list[list[str]]
    """The trails of the organization that logged, after each change."""


def move(folder: Path, version: str) -> Moved:
    """Apply the platform without Control Tower, set up a landing zone, and move."""
    standing = stand(folder, "", (), "expected")
    assert set_up(standing.file, version).made
    standing.write("existing")
    return _moved(Standing(folder, version))


def _moved(standing: Standing) -> Moved:
    plan, stop = standing.prepare(), threading.Event()
    trails: list[list[str]] = []

    def look(change: Change) -> None:
        trails.append(_logging_trails(standing, plan))
        if change.address.kind == "recorder":
            stop.set()

    first, second = Watching(look), Watching(look)
    cut_off = apply_plan(plan, listener=first, stop=stop)
    finished = apply_plan(standing.prepare(), listener=second)
    order = first.finished_ones + second.finished_ones
    return Moved(standing, plan, cut_off, finished, order, trails)


def _logging_trails(standing: Standing, seen: Prepared) -> list[str]:
    """The trails of the organization that log at this moment."""
    entrances = seen.target.entrances
    who = entrances.member(entrances.management_account)

    def call(operation: str, **given: str) -> dict[str, Any]:
        return entrances.connection.call(who, "cloudtrail", operation, **given)

    found = []
    for one in call("DescribeTrails")["trailList"]:
        # Another thread may take one away between the two calls.
        with contextlib.suppress(ClientError):
            if one["IsOrganizationTrail"] and call("GetTrailStatus", Name=one["Name"])["IsLogging"]:
                found.append(one["Name"])
    return found
