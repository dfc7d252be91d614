"""Guardrail: no machine outside of AWS signs in with a certificate."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="iam-no-roles-anywhere",
    title="no machine outside of AWS signs in with a certificate",
    why="whoever makes a trust anchor signs in as any role that trusts the service",
    severity="high",
    remedy="let the machine sign in by the file's `identity`",
    service_control=fixed(
        deny(
            ("rolesanywhere:Create*", "rolesanywhere:Enable*", "rolesanywhere:Update*"),
            unless=BREAK_GLASS_ONLY,
        )
    ),
)
