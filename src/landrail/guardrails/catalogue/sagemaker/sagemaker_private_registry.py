"""Guardrail: models take their images from a registry that is reached in the VPC alone."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-private-registry",
    title="models take their images from a registry that is reached in the VPC alone",
    why="an image from outside the VPC is code that nobody looked at",
    severity="low",
    remedy="set ImageConfig.RepositoryAccessMode Vpc",
    kinds=ML_KINDS,
    frameworks=Frameworks(security_hub=("SageMaker.16", "SageMaker.19")),
    proactive=(
        templates.is_one_of(
            "AWS::SageMaker::Model", "PrimaryContainer.ImageConfig.RepositoryAccessMode", "Vpc"
        ),
    ),
    detective=(
        Detective("sagemaker-model-private-registry-required"),
        Detective("sagemaker-model-multicontainer-private-registry"),
    ),
    recommended=False,
)
