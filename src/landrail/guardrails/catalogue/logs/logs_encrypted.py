"""Guardrail: logs are encrypted with a key of the platform."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import (
    MAKERS,
    Detective,
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("logs:DisassociateKmsKey", unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="logs-encrypted",
    title="logs are encrypted with a key of the platform",
    why="logs hold what was asked and answered",
    severity="medium",
    remedy="give the log group a KMS key",
    frameworks=Frameworks(
        conformance_packs=("ai-ml-infrastructure",),
    ),
    service_control=_statements,
    proactive=(templates.given("AWS::Logs::LogGroup", "KmsKeyId"),),
    detective=(Detective("cloudwatch-log-group-encrypted"),),
    recommended=False,
)
