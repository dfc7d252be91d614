"""Guardrail: no endpoint is serverless."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-deny-serverless",
    title="no endpoint is serverless",
    why="a serverless endpoint runs outside the VPC, and without isolation",
    severity="medium",
    remedy="give the variant an instance type",
    kinds=ML_KINDS,
    service_control=Holding(key="sagemaker:ServerlessMemorySize", must=always(must.not_given())),
    proactive=(
        templates.not_given(
            "AWS::SageMaker::EndpointConfig", "ProductionVariants.*.ServerlessConfig"
        ),
    ),
    detective=(Detective("sagemaker-endpoint-config-on-instances"),),
)
