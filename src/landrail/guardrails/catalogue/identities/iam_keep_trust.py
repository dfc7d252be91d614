"""Guardrail: nobody changes who may enter a role."""

from __future__ import annotations

from landrail.guardrails.guardrail import MAKERS, Facts, Guardrail, Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("iam:UpdateAssumeRolePolicy", unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="iam-keep-trust",
    title="nobody changes who may enter a role",
    why="one more line of trust is a door that no review saw",
    severity="high",
    remedy="make a new role",
    service_control=_statements,
    recommended=False,
)
