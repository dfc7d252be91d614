"""Guardrail: a production endpoint runs on more than one instance."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

_ONE = (0, 1)

GUARDRAIL = Guardrail(
    id="sagemaker-several-instances",
    title="a production endpoint runs on more than one instance",
    why="with its one instance the endpoint is gone",
    severity="medium",
    remedy="set InitialInstanceCount to 2 or more",
    kinds=("production",),
    frameworks=Frameworks(
        security_hub=("SageMaker.4",),
        conformance_packs=("sagemaker-governance",),
    ),
    proactive=(
        templates.is_not(
            "AWS::SageMaker::EndpointConfig", "ProductionVariants.*.InitialInstanceCount", *_ONE
        ),
    ),
    detective=(Detective("sagemaker-endpoint-config-prod-instance-count"),),
    recommended=False,
)
