"""Guardrail: roles are entered from inside of the organization."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.perimeter import ours_only
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="iam-roles-entered-inside",
    title="roles are entered from inside of the organization",
    why="a trust policy that names an account trusts whoever runs it",
    severity="critical",
    remedy="trust roles of the organization",
    resource_control=fixed(ours_only("sts:AssumeRole")),
    detective=(Detective("iam-role-open-outside"),),
)
