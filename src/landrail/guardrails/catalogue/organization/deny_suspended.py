"""Guardrail: an account in the Suspended OU does nothing."""

from __future__ import annotations

from landrail.guardrails.guardrail import SUSPENDED, Guardrail
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="deny-suspended",
    title="an account in the Suspended OU does nothing",
    why="an account that nobody looks after must not be used",
    severity="medium",
    remedy="put the account back into the file and apply it",
    kinds=(SUSPENDED,),
    service_control=fixed(deny("*")),
)
