"""Asking Control Tower: what it answers while it is busy is waited for, what it refuses is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from landrail.aws.controls import change_control
from landrail.aws.errors import ChangeFailed
from landrail.aws.tower import begin, wait
from landrail.aws.world import World
from landrail.plan.values import Action, Change
from landrail.resources import EnabledControl

_ARN = "arn:aws:controlcatalog:::control/abc"
_UNIT = "arn:aws:organizations::111111111111:ou/o-1/ou-1"
_CONTROL = EnabledControl("AWS-GR_X", _ARN, "Workloads", ("some-guardrail",))
_CHANGE = Change(_CONTROL.address, Action.CREATE)


class Tower:
    """Stands for a world with Control Tower in it: answers each operation in turn, the last answer
    for good."""

    is_local, platform = True, "acme"

    def __init__(self, **answers: list[Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []
        self.connection = self.entrances = self

    def management(self) -> None:
        """Nobody in particular."""

    def id(self, _kind: str, _name: str) -> str:
        """The id of the OU."""
        return "ou-1"

    def call(self, _who: Any, _service: str, operation: str, **_given: Any) -> Mapping[str, Any]:
        """Answer."""
        self.asked.append(operation)
        if operation == "DescribeOrganizationalUnit":
            return {"OrganizationalUnit": {"Arn": _UNIT}}
        listed = self.answers[operation]
        answer = listed.pop(0) if len(listed) > 1 else listed[0]
        if isinstance(answer, str):
            error = {"Error": {"Code": answer, "Message": f"it is {answer}"}}
            raise ClientError(cast(Any, error), operation)
        return cast(Mapping[str, Any], answer)

    @property
    def world(self) -> World:
        """As what it stands for."""
        return cast(World, self)


def _enabled(status: str | None) -> dict[str, Any]:
    if status is None:
        return {"enabledControls": []}
    one = {"controlIdentifier": _ARN, "targetIdentifier": _UNIT, "arn": "arn:enabled"}
    return {"enabledControls": [{**one, "statusSummary": {"status": status}}]}


def _ended(status: str, **more: str) -> dict[str, Any]:
    return {"controlOperation": {"status": status, **more}}


STARTED = {"operationIdentifier": "one"}


def test_busy_is_waited_for_and_told() -> None:
    busy = ["ConflictException", "ServiceQuotaExceededException", "ThrottlingException"]
    tower, told = Tower(EnableBaseline=[*busy, STARTED]), list[str]()
    assert begin(tower.world, "EnableBaseline", told.append) == "one"
    assert len(told) == len(busy)
    assert all(code in words for code, words in zip(busy, told, strict=True))


def test_a_refusal_is_not_asked_again() -> None:
    tower = Tower(EnableBaseline=["ValidationException"])
    with pytest.raises(ClientError):
        begin(tower.world, "EnableBaseline", print)
    assert tower.asked == ["EnableBaseline"]


def test_what_has_become_needless_is_not_asked() -> None:
    tower = Tower(EnableBaseline=["ConflictException"])
    seen = iter([False, True])
    assert begin(tower.world, "EnableBaseline", print, needless=lambda: next(seen)) is None


def test_a_failure_is_told_with_its_reason() -> None:
    tower = Tower(GetControlOperation=[_ended("IN_PROGRESS"), _ended("FAILED", statusMessage="no")])
    with pytest.raises(ChangeFailed, match="Control Tower: no"):
        wait(tower.world, "control", "one", "waits", lambda _: None)


@pytest.mark.parametrize(
    ("resetting", "calls"),
    [
        ([STARTED], ["ResetEnabledControl"]),
        (["ValidationException"], ["ResetEnabledControl", "DisableControl", "EnableControl"]),
    ],
)
def test_a_control_that_failed_is_reset_or_enabled_anew(
    resetting: list[Any], calls: list[str]
) -> None:
    """Control Tower resets no control that is a policy."""
    gone = [_enabled("FAILED")] * 4 + [_enabled(None), _enabled("SUCCEEDED")]
    tower = Tower(
        ListEnabledControls=gone,
        ResetEnabledControl=resetting,
        DisableControl=[STARTED],
        EnableControl=[STARTED],
        GetControlOperation=[_ended("SUCCEEDED")],
    )
    change_control(tower.world, _CONTROL, _CHANGE, print)
    changing = ("Reset", "Disable", "Enable")
    assert [one for one in tower.asked if one.startswith(changing)] == calls


def test_a_control_that_fails_each_time_ends_with_the_reason() -> None:
    tower = Tower(
        ListEnabledControls=[_enabled(None)],
        EnableControl=[STARTED],
        GetControlOperation=[_ended("FAILED", statusMessage="the role is gone")],
    )
    with pytest.raises(ChangeFailed, match="the role is gone"):
        change_control(tower.world, _CONTROL, _CHANGE, print)
    assert tower.asked.count("EnableControl") == 1
