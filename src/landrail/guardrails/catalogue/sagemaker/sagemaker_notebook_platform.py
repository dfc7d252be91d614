"""Guardrail: notebooks run on a supported platform."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-notebook-platform",
    title="notebooks run on a supported platform",
    why="an old platform gets no more security updates",
    severity="low",
    remedy="make the notebook anew on a supported platform",
    kinds=ML_KINDS,
    frameworks=Frameworks(
        security_hub=("SageMaker.8",),
        conformance_packs=("sagemaker-governance",),
    ),
    detective=(Detective("sagemaker-notebook-instance-platform-version"),),
)
