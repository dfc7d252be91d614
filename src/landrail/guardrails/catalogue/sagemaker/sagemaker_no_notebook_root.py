"""Guardrail: people are not root on notebooks."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-no-notebook-root",
    title="people are not root on notebooks",
    why="root on a notebook takes off what its lifecycle configuration has put on",
    severity="high",
    remedy="set RootAccess Disabled, on every update too",
    kinds=ML_KINDS,
    frameworks=Frameworks(
        control_tower=("CT.SAGEMAKER.PR.3",),
        security_hub=("SageMaker.3",),
        conformance_packs=("sagemaker-governance",),
    ),
    service_control=Holding(key="sagemaker:RootAccess", must=always(must.one_of("Disabled"))),
    proactive=(templates.is_one_of("AWS::SageMaker::NotebookInstance", "RootAccess", "Disabled"),),
    detective=(Detective("sagemaker-notebook-instance-root-access-check"),),
)
