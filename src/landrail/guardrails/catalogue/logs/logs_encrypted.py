"""Guardrail: logs are encrypted with a key of the platform."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="logs-encrypted",
    title="logs are encrypted with a key of the platform",
    why="logs hold what was asked and answered",
    severity="medium",
    remedy="give the log group a KMS key",
    frameworks=Frameworks(conformance_packs=("ai-ml-infrastructure",)),
    service_control=fixed(deny("logs:DisassociateKmsKey", unless=MAKERS)),
    proactive=(templates.given("AWS::Logs::LogGroup", "KmsKeyId"),),
    detective=(Detective("cloudwatch-log-group-encrypted"),),
    recommended=False,
)
