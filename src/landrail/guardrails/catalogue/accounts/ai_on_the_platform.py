"""Guardrail: models are used on the platform alone."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

_SERVICES = (
    "bedrock",
    "bedrock-agentcore",
    "comprehend",
    "forecast",
    "frauddetector",
    "kendra",
    "lex",
    "personalize",
    "polly",
    "qbusiness",
    "rekognition",
    "textract",
    "transcribe",
    "translate",
)


GUARDRAIL = Guardrail(
    id="ai-on-the-platform",
    title="models are used on the platform alone",
    why="an AI service that answers from elsewhere is asked with the data in hand",
    severity="medium",
    remedy="train and deploy a model on the platform",
    kinds=("data-science", "development", "uat", "production", "data-management"),
    service_control=fixed(deny(tuple(f"{name}:*" for name in _SERVICES), unless=BREAK_GLASS_ONLY)),
    recommended=False,
)
