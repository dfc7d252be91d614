"""Every guardrail of SageMaker that holds a condition key, through the gate: for every action that
the published data says carries the key, denied when the condition is not met, denied when the
field is left out (where leaving it out is not safe), allowed when it is met.

All guardrails of a group are in force together and the request that is allowed meets them all; a
request that breaks one differs from it in one parameter.
"""

from __future__ import annotations

import pytest
from guarded import Account
from guardrail_requests import SETTINGS, place, wrong
from tryings import FACTS, TRYINGS, Trying, compliant

from landrail.guardrails import must


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
