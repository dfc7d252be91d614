"""Guardrail: nobody takes away the boundary of a role or user."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "iam:DeleteRolePermissionsBoundary",
                "iam:DeleteUserPermissionsBoundary",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="iam-keep-boundaries",
    title="nobody takes away the boundary of a role or user",
    why="a boundary that its bearer can take away bounds nothing",
    severity="high",
    remedy="ask for a wider role",
    service_control=_statements,
    recommended=False,
)
