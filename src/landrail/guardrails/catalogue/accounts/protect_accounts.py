"""Guardrail: no account changes its contacts, its regions or its payment."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

_CHANGES = (
    *patterns("account", tuple(n for n in writes("account") if n != "SendPhoneNumberVerification")),
    "aws-portal:Modify*",
    "billing:Update*",
    "payments:Create*",
    "payments:Update*",
    "tax:Put*",
)


GUARDRAIL = Guardrail(
    id="protect-accounts",
    title="no account changes its contacts, its regions or its payment",
    why="who has the contacts has the account",
    severity="high",
    remedy="the management account changes them",
    service_control=fixed(deny(_CHANGES, unless=BREAK_GLASS_ONLY)),
)
