"""A platform that stands moves onto a landing zone that is set up later: by plan and apply alone,
logged at every moment, and going on where it was cut off."""

from __future__ import annotations

import re

import pytest
from moving_platform import Moved
from tower_platform import ACCOUNTS, Standing

from landrail.cli.views.plan import plan_lines
from landrail.plan import Action

pytestmark = pytest.mark.xdist_group("control-tower-moving")


def test_recorders_make_room_before_registrations(moved: Moved) -> None:
    changes = {str(change.address): change for change in moved.plan.plan.changes}
    room = changes["passengers-uat/recorder/landrail-detect"]
    assert room.action is Action.DELETE
    assert "nothing is recorded until" in room.summary
    for unit in ("Workloads", "Workloads/UAT"):
        waits = changes[f"organization/registration/{unit}"].depends_on
        assert room.address in waits
    assert changes["management/landrail-trail"].action is Action.DELETE
    shown = "\n".join(plan_lines(moved.plan.plan))
    assert re.search(r"recorder +landrail-detect +makes room", shown)


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
