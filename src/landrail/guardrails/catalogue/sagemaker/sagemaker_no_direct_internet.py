"""Guardrail: notebooks reach the internet through the VPC alone, if at all."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-no-direct-internet",
    title="notebooks reach the internet through the VPC alone, if at all",
    why="a notebook with a way around the VPC copies data past every endpoint policy",
    severity="high",
    remedy="make the notebook anew with DirectInternetAccess Disabled",
    kinds=ML_KINDS,
    frameworks=Frameworks(
        control_tower=(
            "AWS-GR_SAGEMAKER_NOTEBOOK_NO_DIRECT_INTERNET_ACCESS",
            "CT.SAGEMAKER.PR.1",
        ),
        security_hub=("SageMaker.1",),
        conformance_packs=(
            "ct-detective",
            "sagemaker-governance",
            "sagemaker-security",
            "datalake-analytics",
        ),
    ),
    service_control=Holding(
        key="sagemaker:DirectInternetAccess", must=always(must.one_of("Disabled"))
    ),
    proactive=(
        templates.is_one_of("AWS::SageMaker::NotebookInstance", "DirectInternetAccess", "Disabled"),
    ),
    detective=(Detective("sagemaker-notebook-no-direct-internet-access"),),
)
