"""Guardrail: no account changes its contacts, its regions or its payment."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role

_CHANGES = (
    *patterns("account", tuple(n for n in writes("account") if n != "SendPhoneNumberVerification")),
    "aws-portal:Modify*",
    "billing:Update*",
    "payments:Create*",
    "payments:Update*",
    "tax:Put*",
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny(_CHANGES, unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="protect-accounts",
    title="no account changes its contacts, its regions or its payment",
    why="who has the contacts has the account",
    severity="high",
    remedy="the management account changes them",
    service_control=_statements,
)
