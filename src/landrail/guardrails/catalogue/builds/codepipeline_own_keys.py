"""Guardrail: pipelines carry artifacts under a key of the platform."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail

GUARDRAIL = Guardrail(
    id="codepipeline-own-keys",
    title="pipelines carry artifacts under a key of the platform",
    why="artifacts are what runs in production tomorrow",
    severity="medium",
    remedy="give the artifact store a KMS key",
    proactive=(
        templates.where(
            lambda properties: templates.has(properties, "ArtifactStore"),
            templates.given("AWS::CodePipeline::Pipeline", "ArtifactStore.EncryptionKey.Id"),
        ),
    ),
    detective=(Detective("codepipeline-artifacts-key"),),
)
