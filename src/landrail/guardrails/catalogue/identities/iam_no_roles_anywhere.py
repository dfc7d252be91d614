"""Guardrail: no machine outside of AWS signs in with a certificate."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            ("rolesanywhere:Create*", "rolesanywhere:Enable*", "rolesanywhere:Update*"),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="iam-no-roles-anywhere",
    title="no machine outside of AWS signs in with a certificate",
    why="whoever makes a trust anchor signs in as any role that trusts the service",
    severity="high",
    remedy="let the machine sign in by the file's `identity`",
    service_control=_statements,
)
