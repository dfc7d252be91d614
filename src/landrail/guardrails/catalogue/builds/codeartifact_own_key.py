"""Guardrail: packages are encrypted with a key of the platform."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail

GUARDRAIL = Guardrail(
    id="codeartifact-own-key",
    title="packages are encrypted with a key of the platform",
    why="packages are the enterprise's code",
    severity="medium",
    remedy="give the domain a KMS key when it is made",
    proactive=(templates.given("AWS::CodeArtifact::Domain", "EncryptionKey"),),
    detective=(Detective("codeartifact-domain-key"),),
    recommended=False,
)
