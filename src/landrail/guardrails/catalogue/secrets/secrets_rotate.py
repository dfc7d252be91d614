"""Guardrail: secrets change by themselves."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Detective,
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("secretsmanager:CancelRotateSecret", unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="secrets-rotate",
    title="secrets change by themselves",
    why="a secret is as old as its first leak",
    severity="medium",
    remedy="give the secret a rotation",
    frameworks=Frameworks(
        security_hub=("SecretsManager.1",),
        conformance_packs=("self-hosted-ai-ml",),
    ),
    service_control=_statements,
    detective=(Detective("secretsmanager-rotation-enabled-check"),),
    recommended=False,
)
