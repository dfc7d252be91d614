"""A platform that stands moves onto a landing zone that is set up later: by plan and apply alone,
logged at every moment, and going on where it was cut off."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tower_platform import ACCOUNTS, Standing, fall, stand

from landrail.operations.apply import apply_plan
from landrail.operations.performing import Result
from landrail.operations.plan import Prepared
from landrail.operations.tower import set_up
from landrail.plan import Action, Change

pytestmark = pytest.mark.xdist_group("control-tower-moving")


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


@pytest.fixture(scope="module", params=["3.3", pytest.param("4.0", marks=pytest.mark.soak)])
def moved(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Moved]:
    """A platform that was applied without Control Tower, moved."""
    folder = tmp_path_factory.mktemp("moving")
    try:
        standing = stand(folder, "", (), "expected")
        zone = set_up(standing.file, request.param)
        assert zone.made
        standing.write("existing")
        yield _moved(Standing(folder, request.param))
    finally:
        fall(folder)


def _moved(standing: Standing) -> Moved:
    plan, stop = standing.prepare(), threading.Event()
    trails: list[list[str]] = []

    def look(change: Change) -> None:
        trails.append(logging_trails(standing, plan))
        if change.address.kind == "recorder":
            stop.set()

    first, second = Watching(look), Watching(look)
    cut_off = apply_plan(plan, listener=first, stop=stop)
    finished = apply_plan(standing.prepare(), listener=second)
    order = first.finished_ones + second.finished_ones
    return Moved(standing, plan, cut_off, finished, order, trails)


def logging_trails(standing: Standing, seen: Prepared) -> list[str]:
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


def test_recorders_make_room_before_registrations(moved: Moved) -> None:
    changes = {str(change.address): change for change in moved.plan.plan.changes}
    room = changes["passengers-uat/recorder/landrail-detect"]
    assert room.action is Action.DELETE
    assert "nothing is recorded until" in room.summary
    for unit in ("Workloads", "Workloads/UAT"):
        waits = changes[f"organization/registration/{unit}"].depends_on
        assert room.address in waits
    assert changes["management/landrail-trail"].action is Action.DELETE


def test_what_was_cut_off_goes_on(moved: Moved) -> None:
    """The recorder had made room, nothing was registered; the next apply did the rest."""
    assert moved.cut_off.not_started
    assert moved.finished.ok, (moved.finished.failed, moved.finished.skipped)
    place = moved.order.index
    assert place("passengers-uat/recorder/landrail-detect") < place(
        "organization/registration/Workloads/UAT"
    )
    last = place("management/landrail-trail")
    assert all(place(one) < last for one in moved.order if one.endswith("/landrail-detect"))


def test_there_is_no_moment_without_a_trail(moved: Moved) -> None:
    assert all(moved.trails)
    assert moved.trails[-1] == ["aws-controltower-BaselineCloudTrail"]


def test_everything_is_there_once(moved: Moved) -> None:
    standing = moved.standing
    plan = standing.seen.plan
    assert [str(c.address) for c in (*plan.pending, *plan.refused)] == []
    for account in ACCOUNTS:
        found = standing.call(account, "config", "DescribeConfigurationRecorderStatus")
        recorders = found["ConfigurationRecordersStatus"]
        assert [r["recording"] for r in recorders] == [True]
        theirs = recorders[0]["name"].startswith("aws-controltower-")
        assert theirs is (account != "management")


def test_the_way_back_is_said_and_not_begun(moved: Moved) -> None:
    """Control Tower has to let go of the accounts first: that is the landing zone's business."""
    standing = Standing(moved.standing.folder, "")
    standing.write("expected")
    try:
        plan = standing.prepare().plan
    finally:
        standing.write("existing")
    (refused,) = [c for c in plan.refused if c.address.kind == "recorder"]
    assert str(refused.address).startswith("passengers-uat/recorder/aws-controltower-")
    assert "disable-baseline" in (refused.reason or "")
