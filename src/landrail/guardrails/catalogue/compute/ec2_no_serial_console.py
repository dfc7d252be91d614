"""Guardrail: nobody opens the serial console of instances."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("ec2:EnableSerialConsoleAccess", unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="ec2-no-serial-console",
    title="nobody opens the serial console of instances",
    why="it passes by every network",
    severity="medium",
    remedy="reach instances by Systems Manager",
    service_control=_statements,
    recommended=False,
)
