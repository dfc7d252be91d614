"""Guardrail: models are used on the platform alone."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role

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


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny(tuple(f"{name}:*" for name in _SERVICES), unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="ai-on-the-platform",
    title="models are used on the platform alone",
    why="an AI service that answers from elsewhere is asked with the data in hand",
    severity="medium",
    remedy="train and deploy a model on the platform",
    kinds=(
        "data-science",
        "development",
        "uat",
        "production",
        "data-management",
    ),
    service_control=_statements,
    recommended=False,
)
