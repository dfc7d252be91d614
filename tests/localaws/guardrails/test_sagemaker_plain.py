"""Guardrails of SageMaker that deny plainly: every action that they cover is denied to an
administrator of an account, and lets past who is named."""

from __future__ import annotations

from typing import Any

import pytest
from guarded import Account
from guardrail_requests import least, service_of
from tryings import FACTS

from landrail.guardrails.all import guardrails
from landrail.guardrails.coverage import coverage
from landrail.guardrails.holding import parts_of

PLAIN = {
    one.id: one
    for one in guardrails().values()
    if one.id.startswith("sagemaker-") and one.service_control and not parts_of(one.service_control)
}
CALLS = {
    name: [
        action.partition(":")[2]
        for action in coverage(one, FACTS).covered
        if service_of(action.partition(":")[2])
    ]
    for name, one in PLAIN.items()
}
# Who may do what nobody else may.
NAMED = [
    ("sagemaker-protect-registry", "landrail/pipeline-x-production", "UpdateModelPackage", True),
    ("sagemaker-protect-registry", "landrail/pipeline-x-uat", "UpdateModelPackage", False),
    ("sagemaker-protect-registry", "landrail/platform", "UpdateModelPackage", False),
    ("sagemaker-protect-registry", "landrail/platform", "CreateModelPackageGroup", True),
    ("sagemaker-deny-sharing", "landrail/platform", "PutModelPackageGroupPolicy", True),
    ("sagemaker-protect-endpoints", "landrail/release-stack", "CreateEndpoint", True),
    ("sagemaker-protect-endpoints", "landrail/release", "CreateEndpoint", True),
    ("sagemaker-protect-endpoints", "landrail/job", "CreateEndpoint", False),
    ("sagemaker-deny-unguarded-compute", "landrail/platform", "CreateCompilationJob", False),
    ("sagemaker-deny-hubs", "landrail/break-glass", "CreateHub", True),
]


@pytest.fixture(scope="session")
def under(local_aws: Any) -> dict[str, Account]:
    """An account under each guardrail alone, made when it is asked for."""

    class Accounts(dict[str, Account]):
        def __missing__(self, name: str) -> Account:
            self[name] = Account(local_aws, name, PLAIN[name].statements(FACTS))
            return self[name]

    return Accounts()


def test_each_covers_actions_that_a_request_can_make() -> None:
    without = [name for name, calls in CALLS.items() if not calls]
    assert without == ["sagemaker-deny-bearer-tokens"]


@pytest.mark.parametrize("name", [name for name, calls in CALLS.items() if calls])
def test_every_action_is_denied_to_an_administrator(under: dict[str, Account], name: str) -> None:
    passed = [action for action in CALLS[name] if under[name].allows(least(action))]
    assert passed == []


@pytest.mark.parametrize(("name", "role", "action", "passes"), NAMED)
def test_who_is_named_passes(
    under: dict[str, Account], name: str, role: str, action: str, passes: bool
) -> None:
    assert under[name].allows(least(action), role) is passes
