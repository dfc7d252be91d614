"""What is left to make where a landing zone of Control Tower is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from landrail.compiler import wanted_of
from landrail.resources import (
    Account,
    Attachment,
    EnabledControl,
    OrganizationalUnit,
    Policy,
    Registration,
    Stack,
    Wanted,
)
from landrail.spec import Platform
from landrail.spec.landing_zone import LandingZone, OfferedControl

ROOT = OfferedControl("arn:aws:controlcatalog:::control/root", ("AWS-GR_RESTRICT_ROOT_USER",))
READ = OfferedControl(
    "arn:aws:controlcatalog:::control/read",
    ("AWS-GR_S3_BUCKET_PUBLIC_READ_PROHIBITED",),
    "S3_BUCKET_PUBLIC_READ_PROHIBITED",
)
ZONE = LandingZone(
    arn="arn:zone",
    version="3.3",
    security_unit="Core",
    log_account="111111111111",
    audit_account="222222222222",
    baseline="arn:baseline",
    baseline_version="4.0",
    controls=(ROOT, READ),
)
EXECUTION = "arn:aws:iam::*:role/AWSControlTowerExecution"


def _platform(zone: LandingZone | None, **more: Any) -> Platform:
    document = Platform.model_validate(
        {
            "platform": "acme",
            "region": "eu-west-1",
            "email": "aws+{account}@acme.example",
            "lines_of_business": ["retail"],
            "control_tower": "none" if zone is None else "existing",
            **more,
        }
    )
    return document if zone is None else document.with_landing_zone(zone)


@pytest.fixture(scope="module")
def governed() -> Wanted:
    """The platform on the whole landing zone."""
    return wanted_of(_platform(ZONE))


def _stacks(wanted: Wanted) -> set[tuple[str, str]]:
    return {(stack.account, stack.name) for stack in wanted.of_kind(Stack)}


def _types(wanted: Wanted, kind: str) -> set[str]:
    return {
        stack.account
        for stack in wanted.of_kind(Stack)
        for made in stack.template["Resources"].values()
        if made["Type"] == kind
    }


def test_its_accounts_and_unit_are_used(governed: Wanted) -> None:
    accounts = {a.name: a for a in governed.of_kind(Account)}
    assert (accounts["log-archive"].account_id, accounts["log-archive"].ou) == (
        "111111111111",
        "Core",
    )
    assert (accounts["audit"].account_id, accounts["audit"].governed) == ("222222222222", True)
    units = {unit.name for unit in governed.of_kind(OrganizationalUnit)}
    assert "Core" not in units
    assert "Security" not in units
    assert any(a.target == "ou/Core" for a in governed.of_kind(Attachment))


def test_trail_recorders_and_aggregator_are_not_made_again(governed: Wanted) -> None:
    assert ("management", "landrail-trail") not in _stacks(governed)
    assert ("audit", "landrail-aggregator") not in _stacks(governed)
    assert _types(governed, "AWS::Config::ConfigurationRecorder") == {"management"}
    assert _types(governed, "AWS::Config::DeliveryChannel") == {"management"}
    assert _types(governed, "AWS::CloudTrail::Trail") == set()


def test_without_integrations_all_of_it_is_ours() -> None:
    bare = LandingZone("arn:zone", "4.0", trail=False, config=False, controls=(ROOT, READ))
    ours, none = wanted_of(_platform(bare)), wanted_of(_platform(None))
    assert _stacks(ours) == _stacks(none)
    assert ours.of_kind(Registration) == ()
    assert {c.control for c in ours.of_kind(EnabledControl)} == {"AWS-GR_RESTRICT_ROOT_USER"}
    assert not any(EXECUTION in str(p.document) for p in ours.of_kind(Policy))


def test_each_integration_counts_by_itself() -> None:
    half = replace(ZONE, version="4.0", config=False)
    wanted = wanted_of(_platform(half))
    assert ("management", "landrail-trail") not in _stacks(wanted)
    assert "retail-uat" in _types(wanted, "AWS::Config::ConfigurationRecorder")


def test_an_account_of_ours_stands_apart_from_theirs() -> None:
    zone = replace(ZONE, version="4.0", security_unit="Security", log_account="", trail=False)
    wanted = wanted_of(_platform(zone))
    accounts = {a.name: (a.ou, a.account_id) for a in wanted.of_kind(Account)}
    assert accounts["log-archive"] == ("Archive", None)
    assert accounts["audit"] == ("Security", "222222222222")
    units = [registration.unit for registration in wanted.of_kind(Registration)]
    assert "Archive" in units
    assert "Security" not in units
    assert "Security" not in {unit.name for unit in wanted.of_kind(OrganizationalUnit)}


def test_units_are_registered_and_controls_enabled_once(governed: Wanted) -> None:
    units = [registration.unit for registration in governed.of_kind(Registration)]
    assert {"Workloads", "Workloads/UAT", "Infrastructure", "Data"} <= set(units)
    assert "Core" not in units
    controls = [(c.control, c.unit) for c in governed.of_kind(EnabledControl)]
    assert len(controls) == len(set(controls))
    assert ("AWS-GR_RESTRICT_ROOT_USER", "Workloads") in controls
    assert (READ.aliases[0], "Workloads/UAT") in controls
    assert (READ.aliases[0], "Workloads") not in controls


def test_a_rule_that_is_a_control_is_not_made(governed: Wanted) -> None:
    made = {
        stack.account
        for stack in governed.of_kind(Stack)
        for one in stack.template["Resources"].values()
        if one["Type"] == "AWS::Config::ConfigRule"
        and one["Properties"]["Source"].get("SourceIdentifier") == READ.rule
    }
    assert made == {"management", "log-archive", "audit"} & made
    assert "audit" in made


def test_a_statement_that_is_a_control_stands_where_that_does_not(governed: Wanted) -> None:
    holding = {p.name for p in governed.of_kind(Policy) if "DenyRootUser" in str(p.document)}
    targets = {a.target for a in governed.of_kind(Attachment) if a.policy in holding}
    assert targets == {"ou/Core", "ou/Suspended"}


def test_monitored_somewhere_it_is_not_left_to_a_control() -> None:
    monitored = [{"deny-root-user": {"mode": "monitor", "in": ["uat"]}}]
    wanted = wanted_of(_platform(ZONE, guardrails=["recommended", *monitored]))
    units = {c.unit for c in wanted.of_kind(EnabledControl) if "ROOT_USER" in c.control}
    assert "Workloads" not in units
    assert {"Infrastructure", "Data"} <= units


def test_its_role_is_exempt_and_nobody_becomes_it(governed: Wanted) -> None:
    statements = {
        statement["Sid"]: statement
        for policy in governed.of_kind(Policy)
        if policy.type == "SERVICE_CONTROL_POLICY"
        for statement in policy.document["Statement"]
    }
    recorder = statements["ProtectRecorder"]["Condition"]["ArnNotLike"]["aws:PrincipalArn"]
    assert EXECUTION in recorder
    machine = [s for sid, s in statements.items() if sid.startswith("ProtectMachineRoles")]
    assert all(EXECUTION in s["Resource"] for s in machine if "policy/" not in str(s["Resource"]))


def test_its_policies_count() -> None:
    tight = _platform(replace(ZONE, policies=3), quotas={"scps_per_target": 10})
    wanted = wanted_of(tight)
    attached: dict[str, int] = {}
    kinds = {p.name: p.type for p in wanted.of_kind(Policy)}
    for one in wanted.of_kind(Attachment):
        if kinds[one.policy] == "SERVICE_CONTROL_POLICY":
            attached[one.target] = attached.get(one.target, 0) + 1
    assert max(attached.values()) <= 10 - 1 - 3
