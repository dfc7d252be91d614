"""Guardrail: what people share from Studio is encrypted by a KMS key that the domain names."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-studio-sharing-key",
    title="what people share from Studio is encrypted by a KMS key that the domain names",
    why="a shared notebook's output lies in a bucket under AWS's own key",
    severity="low",
    remedy="give SharingSettings with S3KmsKeyId",
    kinds=ML_KINDS,
    service_control=Holding(
        key="sagemaker:DomainSharingOutputKmsKeyArn",
        must=always(must.given()),
        unless=BREAK_GLASS_AND_PLATFORM,
    ),
    proactive=(
        templates.given("AWS::SageMaker::Domain", "DefaultUserSettings.SharingSettings.S3KmsKeyId"),
    ),
    recommended=False,
)
