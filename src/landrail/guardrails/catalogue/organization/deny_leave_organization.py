"""Guardrail: no account leaves the organization."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.statements import deny, fixed

_LEAVE = "LeaveOrganization"


GUARDRAIL = Guardrail(
    id="deny-leave-organization",
    title="no account leaves the organization",
    why="an account that leaves takes its data out of every guardrail and out of the trail",
    severity="critical",
    remedy="take the account out of the file and apply it: it moves to the Suspended OU",
    service_control=fixed(deny(f"organizations:{_LEAVE}")),
)
