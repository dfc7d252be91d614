"""Guardrail: secrets are encrypted with a key of the platform."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="secrets-own-keys",
    title="secrets are encrypted with a key of the platform",
    why="AWS's key opens for everybody in the account",
    severity="low",
    remedy="give the secret a KMS key",
    service_control=Holding(
        key="secretsmanager:KmsKeyArn",
        must=always(must.given()),
        apart={"UpdateSecret": "leaves the key as it is unless it says so"},
    ),
    proactive=(templates.given("AWS::SecretsManager::Secret", "KmsKeyId"),),
    detective=(Detective("secretsmanager-using-cmk"),),
    recommended=False,
)
