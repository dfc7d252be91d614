"""Guardrail: no role has administrator's rights but those that the guardrails know."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail

GUARDRAIL = Guardrail(
    id="iam-few-administrators",
    title="no role has administrator's rights but those that the guardrails know",
    why="who has them is bound by the guardrails alone",
    severity="high",
    remedy="give the role the rights that it needs; waive the platform's own",
    detective=(Detective("iam-role-administrator"),),
    recommended=False,
)
