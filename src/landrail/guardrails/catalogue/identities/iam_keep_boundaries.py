"""Guardrail: nobody takes away the boundary of a role or user."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="iam-keep-boundaries",
    title="nobody takes away the boundary of a role or user",
    why="a boundary that its bearer can take away bounds nothing",
    severity="high",
    remedy="ask for a wider role",
    service_control=fixed(
        deny(
            ("iam:DeleteRolePermissionsBoundary", "iam:DeleteUserPermissionsBoundary"),
            unless=BREAK_GLASS_ONLY,
        )
    ),
    recommended=False,
)
