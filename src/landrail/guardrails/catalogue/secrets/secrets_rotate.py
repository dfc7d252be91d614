"""Guardrail: secrets change by themselves."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="secrets-rotate",
    title="secrets change by themselves",
    why="a secret is as old as its first leak",
    severity="medium",
    remedy="give the secret a rotation",
    frameworks=Frameworks(
        security_hub=("SecretsManager.1",), conformance_packs=("self-hosted-ai-ml",)
    ),
    service_control=fixed(deny("secretsmanager:CancelRotateSecret", unless=BREAK_GLASS_ONLY)),
    detective=(Detective("secretsmanager-rotation-enabled-check"),),
    recommended=False,
)
