"""Guardrail: Security Hub gathers the findings of every account."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="require-security-hub",
    title="Security Hub gathers the findings of every account",
    why="findings that nobody gathers nobody reads",
    severity="medium",
    remedy="turn it on from the audit account",
    frameworks=Frameworks(
        conformance_packs=("ai-ml-infrastructure",),
    ),
    detective=(Detective("securityhub-enabled"),),
    recommended=False,
)
