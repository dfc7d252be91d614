"""Recorders that change hands, and those that are in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from landrail.plan.compare import Given, make_plan
from landrail.plan.governing import registration_change
from landrail.plan.observed import (
    Observed,
    ObservedAccount,
    ObservedContents,
    ObservedRegistration,
    ObservedStack,
)
from landrail.plan.recorders import recorded_accounts, recorder_changes, without_recorder
from landrail.plan.values import Action, Change
from landrail.resources import (
    Account,
    Address,
    OrganizationalUnit,
    Policy,
    Registration,
    Stack,
    Wanted,
)

RECORDER = {"Type": "AWS::Config::ConfigurationRecorder", "Properties": {"Name": "landrail"}}
CHANNEL = {"Type": "AWS::Config::DeliveryChannel", "Properties": {}}
RULE = {"Type": "AWS::Config::ConfigRule", "Properties": {}}
MADE = {"Resources": {"Recorder": RECORDER, "Rule": {**RULE, "DependsOn": ["Recorder"]}}}
ABOVE = Registration("Workloads", "arn:b", "4.0")
BELOW = Registration("Workloads/UAT", "arn:b", "4.0")
BESIDE = Registration("Data", "arn:b", "4.0")
POLICY = Policy("guards", "SERVICE_CONTROL_POLICY", "", {"Statement": []})


def stack(account: str, **resources: Any) -> Stack:
    return Stack(account, "eu-west-1", "landrail-detect", {"Resources": resources})


GOVERNED = Wanted(
    "acme",
    "eu-west-1",
    (
        OrganizationalUnit("Workloads", None),
        OrganizationalUnit("Workloads/UAT", "Workloads"),
        OrganizationalUnit("Data", None),
        Account("management", "m@acme.example", None, "management"),
        Account("uat", "uat@acme.example", "Workloads/UAT", "uat"),
        POLICY,
        ABOVE,
        BELOW,
        BESIDE,
        stack("management", Recorder=RECORDER),
        stack("uat", Rule=RULE),
    ),
)
ALONE = replace(
    GOVERNED,
    resources=(
        *(r for r in GOVERNED.resources if not isinstance(r, Registration | Stack)),
        stack("management", Recorder=RECORDER),
        stack("uat", Recorder=RECORDER, Rule=RULE),
    ),
)
OURS = {"landrail-detect": ObservedStack("landrail-detect", "CREATE_COMPLETE", ours=True)}
ACCOUNT = ObservedAccount("111111111111", "uat", "uat@acme.example", "Workloads/UAT")


def seen(recorder: str | None, stacks: Any = OURS) -> Observed:
    contents = {"uat": ObservedContents(stacks=stacks, recorder=recorder)}
    return Observed(accounts={"uat": ACCOUNT}, contents=contents)


def only(wanted: Wanted, observed: Observed) -> Change:
    (change,) = recorder_changes(wanted, observed)
    return change


def test_who_records_is_asked_where_it_matters() -> None:
    assert recorded_accounts(GOVERNED) == {"management", "uat"}
    assert recorded_accounts(ALONE) == {"management", "uat"}
    assert recorded_accounts(replace(ALONE, resources=())) == frozenset()


@pytest.mark.parametrize(
    ("wanted", "recorder"),
    [
        (GOVERNED, None),
        (GOVERNED, "aws-controltower-BaselineConfigRecorder"),
        (ALONE, None),
        (ALONE, "landrail"),
    ],
)
def test_one_that_may_stand_is_no_change(wanted: Wanted, recorder: str | None) -> None:
    assert list(recorder_changes(wanted, seen(recorder))) == []


def test_ours_makes_room_before_all_registrations_above_it() -> None:
    change = only(GOVERNED, seen("landrail"))
    assert (change.address, change.action) == (
        Address("uat", "recorder", "landrail-detect"),
        Action.DELETE,
    )
    assert POLICY.address in change.depends_on
    plan = make_plan(GOVERNED, seen("landrail"), Given("landrail.yaml", "sha256:x"), {})
    waits = {c.address: c.depends_on for c in plan.changes}
    assert change.address in waits[ABOVE.address]
    assert change.address in waits[BELOW.address]
    assert change.address not in waits[BESIDE.address]


@pytest.mark.parametrize(
    ("wanted", "observed", "words"),
    [
        (GOVERNED, seen("default"), "Control Tower does not enrol it"),
        (GOVERNED, seen("landrail", {}), "Control Tower does not enrol it"),
        (ALONE, seen("default"), "an account takes one recorder"),
        (ALONE, seen("aws-controltower-BaselineConfigRecorder"), "disable-baseline"),
    ],
)
def test_anybody_else_s_is_not_touched(wanted: Wanted, observed: Observed, words: str) -> None:
    change = only(wanted, observed)
    assert change.action is Action.REFUSED
    assert words in (change.reason or "")


@pytest.mark.parametrize("recorder", [None, "landrail"])
def test_an_enrolled_account_that_is_not_recorded_is_enrolled_again(recorder: str | None) -> None:
    """Whether somebody took Control Tower's recorder away, or put ours back."""
    there = ObservedRegistration("arn:e", "SUCCEEDED", "4.0", frozenset({"111111111111"}))
    observed = replace(seen(recorder), registrations={"Workloads/UAT": there})
    change = registration_change(BELOW, GOVERNED, observed)
    assert change.action is Action.UPDATE
    assert "does not record uat" in change.summary
    recorded = replace(seen("aws-controltower-x"), registrations={"Workloads/UAT": there})
    assert registration_change(BELOW, GOVERNED, recorded).action is Action.NO_OP


def test_a_template_without_its_recorder_waits_for_none() -> None:
    template = {
        "Description": "kept",
        "Resources": {
            "Recorder": RECORDER,
            "Delivery": CHANNEL,
            "Role": {"Type": "AWS::IAM::Role"},
            "Rule": {**RULE, "DependsOn": ["Recorder", "Role"]},
            "Other": {**RULE, "DependsOn": "Recorder"},
        },
    }
    assert without_recorder(template) == {
        "Description": "kept",
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role"},
            "Rule": {**RULE, "DependsOn": ["Role"]},
            "Other": RULE,
        },
    }
    assert without_recorder(MADE) == {"Resources": {"Rule": RULE}}
