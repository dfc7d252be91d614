"""What others do to a landing zone between two applies: seen by the next plan, and gone along with.

The tests are steps of one story about one platform.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moving_platform import Moved
from tower_platform import Standing

from landrail.aws.entering import loaded
from landrail.aws.landing_zone import TOWER
from landrail.aws.sessions import Identity
from landrail.diagnostics import Failure
from landrail.operations.apply import apply_plan
from landrail.plan import Plan
from landrail.resources import EnabledControl

pytestmark = [
    pytest.mark.xdist_group("control-tower-moving"),
    pytest.mark.parametrize("moved", ["3.3"], indirect=True, scope="session"),
]

_KEYS = "arn:aws:controlcatalog:::control/8ui9y3oace2513xarz8aqojl7"
"""A control that the platform does not ask for."""
_ADMIN = {
    "RoleName": "AWSControlTowerAdmin",
    "PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSControlTowerServiceRolePolicy",
}
_CONTROL = "AWS-GR_RESTRICTED_SSH"


@dataclass
class Story:
    """The platform, and whoever administers the landing zone."""

    standing: Standing

    def __post_init__(self) -> None:
        seen = self.standing.prepare()
        self._units, self._accounts = seen.observed.units, seen.observed.accounts
        self._connection = seen.target.entrances.connection
        self._who: Identity = seen.target.entrances.founder()

    def call(self, service: str, operation: str, **given: Any) -> dict[str, Any]:
        """Make a call as the administrator of the landing zone."""
        return dict(self._connection.call(self._who, service, operation, **given))

    def ended(self, operation: str, identifier: str, key: str) -> str:
        """How an operation of Control Tower ended."""
        end = time.monotonic() + 120
        while time.monotonic() < end:
            found = self.call(TOWER, operation, operationIdentifier=identifier)[key]
            if found["status"] != "IN_PROGRESS":
                return str(found["status"])
            time.sleep(0.05)
        raise AssertionError("it did not end")

    def inside(self, account: str) -> Callable[..., dict[str, Any]]:
        """Make calls of Config in an account as Control Tower does."""
        number = self._accounts[account].account_id
        role = f"arn:aws:iam::{number}:role/AWSControlTowerExecution"
        answer = self.call("sts", "AssumeRole", RoleArn=role, RoleSessionName="tower")
        who = Identity("tower", lambda: loaded(answer))

        def call(operation: str, **given: Any) -> dict[str, Any]:
            return dict(self._connection.call(who, "config", operation, **given))

        return call

    def control(self, operation: str, **given: Any) -> str:
        """Begin something about a control; return how it ended."""
        begun = self.call(TOWER, operation, **given)["operationIdentifier"]
        return self.ended("GetControlOperation", begun, "controlOperation")

    def unit(self, path: str) -> str:
        """The ARN of an OU."""
        unit = self._units[path].unit_id
        found = self.call("organizations", "DescribeOrganizationalUnit", OrganizationalUnitId=unit)
        return str(found["OrganizationalUnit"]["Arn"])

    def enabled(self, control: str, unit: str) -> tuple[str, str]:
        """A control that the platform has enabled on an OU: its ARN, and that of being enabled."""
        seen = self.plan_of()
        (arn,) = (
            one.arn
            for one in seen.wanted.of_kind(EnabledControl)
            if (one.control, one.unit) == (control, unit)
        )
        found = seen.observed.controls[f"{arn.rpartition('/')[2]} -> {unit}"]
        return arn, str(found.arn)

    def plan_of(self) -> Any:
        """A new plan, with all that it is made of."""
        return self.standing.prepare()

    @property
    def plan(self) -> Plan:
        """A new plan."""
        plan: Plan = self.plan_of().plan
        return plan


def pending(plan: Plan) -> list[str]:
    """What a plan would do, or refuses."""
    return [str(change.address) for change in (*plan.pending, *plan.refused)]


@pytest.fixture(scope="module")
def story(moved: Moved) -> Story:
    """A platform on a landing zone 3.3."""
    return Story(moved.standing)


@pytest.fixture
def told() -> Callable[[Plan], str]:
    """The notes of a plan, as one text."""
    return lambda plan: "\n".join(f"{n.summary} {n.remedy}" for n in plan.notices)


def test_an_account_of_the_account_factory_is_named_and_left(
    story: Story, told: Callable[[Plan], str]
) -> None:
    """It stands in a registered OU and is not in the file: Control Tower enrols it, we touch it
    not, and the audit finds it."""
    begun = story.call(
        "organizations", "CreateAccount", AccountName="factory", Email="factory@acme-air.example"
    )["CreateAccountStatus"]
    while begun["State"] == "IN_PROGRESS":
        begun = story.call(
            "organizations", "DescribeCreateAccountStatus", CreateAccountRequestId=begun["Id"]
        )["CreateAccountStatus"]
    root = story.call("organizations", "ListRoots")["Roots"][0]["Id"]
    unit = story.unit("Workloads/UAT").rpartition("/")[2]
    story.call(
        "organizations",
        "MoveAccount",
        AccountId=begun["AccountId"],
        SourceParentId=root,
        DestinationParentId=unit,
    )
    there = story.plan_of().observed.registrations["Workloads/UAT"]
    reset = story.call(TOWER, "ResetEnabledBaseline", enabledBaselineIdentifier=there.arn)
    ended = story.ended("GetBaselineOperation", reset["operationIdentifier"], "baselineOperation")
    assert ended == "SUCCEEDED"
    plan = story.plan
    assert pending(plan) == []
    assert f"account factory ({begun['AccountId']}) stands in Workloads/UAT" in told(plan)


@pytest.mark.soak
def test_a_control_of_somebody_else_stays(story: Story) -> None:
    """One that the file does not ask for, and one that it does."""
    unit = story.unit("Workloads/UAT")
    ended = story.control("EnableControl", controlIdentifier=_KEYS, targetIdentifier=unit)
    assert ended == "SUCCEEDED"
    arn, ours = story.enabled(_CONTROL, "Workloads/UAT")
    assert story.control("DisableControl", enabledControlIdentifier=ours) == "SUCCEEDED"
    assert pending(story.plan) == [f"organization/control/{_CONTROL} -> ou/Workloads/UAT"]
    story.control("EnableControl", controlIdentifier=arn, targetIdentifier=unit)
    assert pending(story.plan) == []


def test_a_control_that_cannot_be_enabled_ends_with_the_reason(story: Story) -> None:
    """And is brought into force by the next apply once the reason is gone."""
    _, enabled = story.enabled(_CONTROL, "Workloads/UAT")
    story.control("DisableControl", enabledControlIdentifier=enabled)
    story.call("iam", "DetachRolePolicy", **_ADMIN)
    try:
        result = story.standing.apply()
    finally:
        story.call("iam", "AttachRolePolicy", **_ADMIN)
    ((address, reason),) = result.failed.items()
    assert _CONTROL in str(address)
    assert "not authorized" in reason
    again = story.plan_of()
    assert "failed" in next(iter(again.plan.pending)).summary
    assert apply_plan(again).ok
    assert pending(story.plan) == []


@pytest.mark.soak
def test_a_recorder_that_was_taken_away_comes_back(story: Story) -> None:
    """By Control Tower, whose recorder it is: nobody else may take it away or make one."""
    config, name = story.inside("passengers-uat"), "aws-controltower-BaselineConfigRecorder"
    with pytest.raises(ClientError):
        story.standing.call(
            "passengers-uat",
            "config",
            "StopConfigurationRecorder",
            ConfigurationRecorderName=name,
        )
    config("StopConfigurationRecorder", ConfigurationRecorderName=name)
    channel = "aws-controltower-BaselineConfigDeliveryChannel"
    config("DeleteDeliveryChannel", DeliveryChannelName=channel)
    config("DeleteConfigurationRecorder", ConfigurationRecorderName=name)
    plan = story.plan_of()
    (change,) = plan.plan.pending
    assert str(change.address) == "organization/registration/Workloads/UAT"
    assert "does not record passengers-uat" in change.summary
    assert apply_plan(plan).ok
    found = config("DescribeConfigurationRecorderStatus")["ConfigurationRecordersStatus"]
    assert [(one["name"], one["recording"]) for one in found] == [(name, True)]
    assert pending(story.plan) == []


def test_a_landing_zone_whose_trail_stands_still_is_not_built_on(story: Story) -> None:
    trail = {"Name": "aws-controltower-BaselineCloudTrail"}
    story.call("cloudtrail", "StopLogging", **trail)
    try:
        with pytest.raises(Failure, match="does not log"):
            story.plan_of()
    finally:
        story.call("cloudtrail", "StartLogging", **trail)
    assert pending(story.plan) == []


def test_an_upgrade_of_the_landing_zone_is_followed(story: Story) -> None:
    """From 3.3 to 4.0: the OUs get the version of the baseline that fits."""
    zone = story.plan_of().project.document.landing_zone
    manifest = {
        "governedRegions": ["eu-west-1"],
        "accessManagement": {"enabled": False},
        "centralizedLogging": {"accountId": zone.log_account, "enabled": True},
        "config": {"accountId": zone.audit_account, "enabled": True},
        "securityRoles": {"accountId": zone.audit_account, "enabled": True},
    }
    begun = story.call(
        TOWER,
        "UpdateLandingZone",
        landingZoneIdentifier=zone.arn,
        version="4.0",
        manifest=manifest,
    )["operationIdentifier"]
    ended = story.ended("GetLandingZoneOperation", begun, "operationDetails")
    assert ended == "SUCCEEDED"
    upgraded = story.plan_of()
    plan = upgraded.plan
    registrations = [c for c in plan.pending if c.address.kind == "registration"]
    assert {c.summary for c in registrations} == {"baseline 4.0 -> 5.0"}
    assert len(registrations) == len(pending(plan))
    result = apply_plan(upgraded)
    assert result.ok, (result.failed, result.skipped)
    assert pending(story.plan) == []
    status = story.standing.call("passengers-uat", "config", "DescribeConfigurationRecorderStatus")
    assert [r["recording"] for r in status["ConfigurationRecordersStatus"]] == [True]


def test_a_landing_zone_is_not_changed_by_the_platform(story: Story) -> None:
    """The operator may ask it to govern OUs, and nothing about itself."""
    seen = story.plan_of()
    zone = seen.project.document.landing_zone
    operator = seen.target.entrances.management()
    for operation, given in (
        ("ResetLandingZone", {"landingZoneIdentifier": zone.arn}),
        ("DeleteLandingZone", {"landingZoneIdentifier": zone.arn}),
        ("DisableBaseline", {"enabledBaselineIdentifier": f"{zone.arn}-none"}),
    ):
        with pytest.raises(ClientError) as caught:
            seen.target.entrances.connection.call(operator, TOWER, operation, **given)
        assert caught.value.response["Error"]["Code"] == "AccessDeniedException", operation
