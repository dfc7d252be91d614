"""Guardrail: no policy hands over any role to any service."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail

GUARDRAIL = Guardrail(
    id="iam-no-role-for-all",
    title="no policy hands over any role to any service",
    why="who passes any role has the rights of each",
    severity="high",
    remedy="name the roles in the policy",
    detective=(Detective("iam-policy-passes-any-role"),),
)
