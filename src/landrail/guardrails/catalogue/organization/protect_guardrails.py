"""Guardrail: no member account changes the organization, its accounts or its policies."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.statements import Statement, deny

_LEAVE = "LeaveOrganization"


def _policies(_facts: Facts) -> tuple[Statement, ...]:
    others = tuple(name for name in writes("organizations") if name != _LEAVE)
    return (deny(patterns("organizations", others)),)


GUARDRAIL = Guardrail(
    id="protect-guardrails",
    title="no member account changes the organization, its accounts or its policies",
    why="who can change the organization can lift every other guardrail",
    severity="critical",
    remedy="guardrails are changed in the file by the security team, from the management account",
    service_control=_policies,
)
