"""Guardrail: endpoints keep what they are asked and what they answer."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-capture-data",
    title="endpoints keep what they are asked and what they answer",
    why="without it nobody can tell whether the model still fits the data",
    severity="low",
    remedy="give DataCaptureConfig with EnableCapture",
    kinds=ML_KINDS,
    proactive=(templates.given("AWS::SageMaker::EndpointConfig", "DataCaptureConfig"),),
    detective=(Detective("sagemaker-endpoint-config-data-capture"),),
    recommended=False,
)
