"""Guardrail: Access Analyzer looks for what is open to the outside."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="require-access-analyzer",
    title="Access Analyzer looks for what is open to the outside",
    why="nobody reads all policies of all accounts",
    severity="high",
    remedy="make an analyzer from the audit account",
    frameworks=Frameworks(
        security_hub=("IAM.28",),
        conformance_packs=("ai-ml-infrastructure",),
    ),
    detective=(Detective("iam-external-access-analyzer-enabled"),),
    recommended=False,
)
