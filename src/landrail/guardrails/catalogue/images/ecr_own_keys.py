"""Guardrail: images are encrypted with a key of the platform."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="ecr-own-keys",
    title="images are encrypted with a key of the platform",
    why="an image under AWS's key is read by whoever may pull it",
    severity="medium",
    remedy="give the repository a KMS key when it is made",
    frameworks=Frameworks(
        security_hub=("ECR.5",),
        conformance_packs=("self-hosted-ai-ml",),
    ),
    proactive=(
        templates.is_one_of(
            "AWS::ECR::Repository", "EncryptionConfiguration.EncryptionType", "KMS", "KMS_DSSE"
        ),
    ),
    detective=(Detective("ecr-repository-cmk-encryption-enabled"),),
)
