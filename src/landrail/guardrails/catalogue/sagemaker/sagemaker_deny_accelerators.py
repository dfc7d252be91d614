"""Guardrail: nobody uses Elastic Inference."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-deny-accelerators",
    title="nobody uses Elastic Inference",
    why="AWS has closed Elastic Inference: what is built on it stops",
    severity="low",
    remedy="take an instance type with an accelerator",
    kinds=ML_KINDS,
    service_control=Holding(key="sagemaker:AcceleratorTypes", must=always(must.not_given())),
    proactive=(
        templates.not_given("AWS::SageMaker::NotebookInstance", "AcceleratorTypes"),
        templates.not_given(
            "AWS::SageMaker::EndpointConfig", "ProductionVariants.*.AcceleratorType"
        ),
    ),
    recommended=False,
)
