"""What a plan says of Control Tower: OUs registered or enrolled further, controls enabled once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from landrail.plan.governed import is_governed
from landrail.plan.governing import control_change, registration_change, unwanted_controls
from landrail.plan.observed import (
    Observed,
    ObservedAccount,
    ObservedControl,
    ObservedRegistration,
)
from landrail.plan.order import dependencies
from landrail.plan.values import Action
from landrail.resources import (
    Account,
    Address,
    EnabledControl,
    OrganizationalUnit,
    Registration,
    Stack,
    Wanted,
)

UAT = "Workloads/UAT"
ABOVE = Registration("Workloads", "arn:b", "4.0")
BELOW = Registration(UAT, "arn:b", "4.0")
CONTROL = EnabledControl("AWS-GR_X", "arn:aws:controlcatalog:::control/abc", UAT, ("some",))
WANTED = Wanted(
    "acme",
    "eu-west-1",
    (
        OrganizationalUnit("Workloads", None),
        OrganizationalUnit(UAT, "Workloads"),
        Account("uat", "uat@acme.example", UAT, "uat"),
        ABOVE,
        BELOW,
        CONTROL,
        Stack("uat", "eu-west-1", "detect", {"Resources": {}}),
    ),
)
THERE = ObservedRegistration("arn:e", "SUCCEEDED", "4.0", frozenset({"111111111111"}))
ACCOUNT = ObservedAccount("111111111111", "uat", "uat@acme.example", UAT)
STANDING = Observed(accounts={"uat": ACCOUNT}, registrations={UAT: THERE})


@pytest.mark.parametrize(
    ("observed", "action", "words"),
    [
        (Observed(), Action.CREATE, "enrols 1 account"),
        (STANDING, Action.NO_OP, ""),
        (
            replace(STANDING, registrations={UAT: replace(THERE, enrolled=frozenset())}),
            Action.UPDATE,
            "enrols uat",
        ),
        (
            replace(STANDING, registrations={UAT: replace(THERE, status="UNDER_CHANGE")}),
            Action.UPDATE,
            "under way",
        ),
        (
            replace(STANDING, registrations={UAT: replace(THERE, status="FAILED")}),
            Action.UPDATE,
            "failed",
        ),
        (
            replace(STANDING, registrations={UAT: replace(THERE, version="3.0")}),
            Action.UPDATE,
            "3.0 -> 4.0",
        ),
    ],
)
def test_a_registration(observed: Observed, action: Action, words: str) -> None:
    change = registration_change(BELOW, WANTED, observed)
    assert change.action is action
    assert words in change.summary


def test_a_closed_account_is_not_enrolled() -> None:
    closed = replace(ACCOUNT, state="SUSPENDED")
    seen = replace(
        STANDING,
        accounts={"uat": closed},
        registrations={UAT: replace(THERE, enrolled=frozenset())},
    )
    assert registration_change(BELOW, WANTED, seen).action is Action.NO_OP


@pytest.mark.parametrize("name", ["abc", "AWS-GR_X"])
def test_a_control_is_known_by_both_of_its_names(name: str) -> None:
    seen = Observed(controls={f"{name} -> {UAT}": ObservedControl("arn:c", "SUCCEEDED")})
    assert control_change(CONTROL, seen).action is Action.NO_OP
    assert control_change(CONTROL, Observed()).action is Action.CREATE
    busy = Observed(controls={f"{name} -> {UAT}": ObservedControl("arn:c", "UNDER_CHANGE")})
    assert control_change(CONTROL, busy).action is Action.UPDATE


def test_accounts_come_before_and_stacks_after() -> None:
    waits = dependencies(WANTED)
    account = Address("organization", "account", "uat")
    assert {account, ABOVE.address} <= set(waits[BELOW.address])
    assert BELOW.address in waits[CONTROL.address]
    assert BELOW.address in waits[Address("uat", "stack", "detect")]


def test_what_is_governed_stays() -> None:
    assert is_governed("Workloads", STANDING)
    assert is_governed(UAT, STANDING)
    assert not is_governed("Data", STANDING)


def test_a_control_of_ours_goes_when_it_is_no_longer_wanted() -> None:
    there = ObservedControl("arn:c", "SUCCEEDED", ours=True)
    seen = Observed(controls={f"old -> {UAT}": there, f"abc -> {UAT}": replace(there, ours=False)})
    (change,) = unwanted_controls(WANTED, seen)
    assert (change.action, change.address.name) == (Action.DELETE, f"old -> ou/{UAT}")
    assert Address("uat", "stack", "detect") in change.depends_on
