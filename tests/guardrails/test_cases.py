"""Every guardrail outside SageMaker with a preventive form, tried as data: what it denies, the
compliant twin that it allows, and the machine power that it lets past. Each is tried alone, so none
leans on another."""

from __future__ import annotations

import pytest
from guardrail_cases import CASES, FACTS, Case, decide

from landrail.guardrails import guardrails
from landrail.guardrails.all import groups
from landrail.policy import Layer


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_denied_its_twin_is_not_and_the_machine_power_passes(case: Case) -> None:
    guardrail = guardrails()[case.guardrail]
    denied = decide(guardrail, case.by, case.deny, case.resource, case.given)
    assert not denied.allowed
    assert denied.layer in (Layer.SCP, Layer.RCP)
    twin = {
        "by": case.by,
        "action": case.deny,
        "resource": case.resource,
        "given": case.given,
        **case.twin,
    }
    assert decide(guardrail, **twin).allowed, "the twin"
    for power in case.powers:
        assert decide(guardrail, power, case.deny, case.resource, case.given).allowed, power


def test_every_guardrail_that_prevents_is_tried() -> None:
    tried = {case.guardrail for case in CASES}
    preventing = {
        guardrail.id
        for group, found in groups()
        for guardrail in found
        if group != "sagemaker" and (guardrail.statements(FACTS) or guardrail.resource_control)
    }
    assert preventing <= tried, sorted(preventing - tried)
    assert tried <= set(guardrails())


def test_every_twin_differs_from_what_is_denied() -> None:
    for case in CASES:
        assert case.twin, case.name
