"""Guardrail: logs are kept long enough."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="logs-retained",
    title="logs are kept long enough",
    why="an intrusion is found after months",
    severity="medium",
    remedy="set a retention of a year or more",
    frameworks=Frameworks(
        security_hub=("CloudWatch.16",),
        conformance_packs=("ai-ml-infrastructure",),
    ),
    proactive=(templates.given("AWS::Logs::LogGroup", "RetentionInDays"),),
    detective=(Detective("cw-loggroup-retention-period-check"),),
    recommended=False,
)
