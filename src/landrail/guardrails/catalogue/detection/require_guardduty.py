"""Guardrail: GuardDuty watches every account."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="require-guardduty",
    title="GuardDuty watches every account",
    why="who is inside already is seen by what is unusual alone",
    severity="high",
    remedy="turn it on from the audit account",
    frameworks=Frameworks(
        security_hub=("GuardDuty.1",),
        conformance_packs=("ai-ml-infrastructure",),
    ),
    detective=(Detective("guardduty-enabled-centralized"),),
    recommended=False,
)
