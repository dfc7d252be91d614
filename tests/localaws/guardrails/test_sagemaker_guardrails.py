"""Every guardrail of SageMaker that holds a condition key, through the gate: for every action that
the published data says carries the key, denied when the condition is not met, denied when the
field is left out (where leaving it out is not safe), allowed when it is met.

All guardrails of a group are in force together and the request that is allowed meets them all; a
request that breaks one differs from it in one parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from guarded import Account
from guardrail_requests import NOTHING, SETTINGS, Request, least, place, right, wrong

from landrail.guardrails import Facts, Guardrail, must
from landrail.guardrails.all import guardrails
from landrail.guardrails.holding import Holding, parts_of

_OPTIONS = {
    "instance-types": ("ml.m5.*", "ml.t3.*"),
    "sagemaker-max-runtime": ("3600",),
    "sagemaker-max-keep-alive": ("600",),
    "sagemaker-allowed-subnets": ("subnet-11111111",),
    "sagemaker-allowed-security-groups": ("sg-11111111",),
    "sagemaker-studio-images": (
        "arn:aws:sagemaker:*:111122223333:image/approved",
        "arn:aws:sagemaker:*:111122223333:image-version/approved/*",
    ),
    "sagemaker-lifecycle-configs": (
        "arn:aws:sagemaker:*:*:notebook-instance-lifecycle-config/approved",
        "arn:aws:sagemaker:*:111122223333:studio-lifecycle-config/approved",
    ),
}
FACTS = Facts(
    "acme-ml", "eu-west-1", "data-science", {name: {"root": v} for name, v in _OPTIONS.items()}
)
HOLDING = {
    one.id: one
    for one in guardrails().values()
    if any(p.service == "sagemaker" for p in parts_of(one.service_control))
}
GROUPS = {"recommended": True, "chosen": False}


@dataclass(frozen=True)
class Trying:
    """One action under one key of a guardrail."""

    guardrail: Guardrail
    part: Holding
    action: str

    @property
    def name(self) -> str:
        return f"{self.guardrail.id}-{self.part.key.rpartition(':')[2]}-{self.action}"


TRYINGS = [
    Trying(guardrail, part, action)
    for guardrail in HOLDING.values()
    for part in parts_of(guardrail.service_control)
    for action in part.held
]


@pytest.fixture(scope="session")
def accounts(local_aws: Any) -> dict[str, Account]:
    return {group: Account(local_aws, group, _statements(group)) for group in GROUPS}


def _statements(group: str) -> list[Any]:
    chosen = [one for one in HOLDING.values() if one.recommended == GROUPS[group]]
    return [statement for one in chosen for statement in one.statements(FACTS)]


def compliant(action: str) -> Request:
    """A request that meets whatever guardrail there is for its action."""
    request = least(action)
    for trying in TRYINGS:
        if trying.action == action:
            path = place(request, trying.part.key)
            value = right(trying.part.key, path) if path else NOTHING
            request = request.having(path, value) if path and value is not NOTHING else request
    return request


def test_every_held_key_has_a_right_and_a_wrong_value() -> None:
    held = {trying.part.key for trying in TRYINGS}
    assert held == set(SETTINGS)


@pytest.mark.parametrize("action", sorted({t.action for t in TRYINGS}))
def test_what_meets_every_condition_passes(accounts: dict[str, Account], action: str) -> None:
    for account in accounts.values():
        assert account.allows(compliant(action))


@pytest.mark.parametrize("trying", TRYINGS, ids=lambda t: t.name)
def test_what_breaks_a_condition_is_denied(accounts: dict[str, Account], trying: Trying) -> None:
    account = accounts["recommended" if trying.guardrail.recommended else "chosen"]
    condition = trying.part.must(FACTS)
    request = compliant(trying.action)
    path = place(request, trying.part.key)
    assert condition is not None
    assert path is not None
    without = request.without(path)
    if without is not None and (condition.asked or without[1]):
        assert account.allows(without[0]) is not condition.asked
    for value in wrong(trying.part.key, path, any_value=condition.says == must.given().says):
        assert not account.allows(request.having(path, value)), value
