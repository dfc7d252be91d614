"""Guardrail: Studio reaches nothing but its VPC."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.sagemaker import ML_KINDS

GUARDRAIL = Guardrail(
    id="sagemaker-studio-vpc-only",
    title="Studio reaches nothing but its VPC",
    why="a Studio of network mode PublicInternetOnly copies data to anywhere",
    severity="high",
    remedy="set AppNetworkAccessType VpcOnly, on every update too",
    kinds=ML_KINDS,
    frameworks=Frameworks(conformance_packs=("sagemaker-governance",)),
    service_control=Holding(
        key="sagemaker:AppNetworkAccessType",
        must=always(must.one_of("VpcOnly")),
        unless=BREAK_GLASS_AND_PLATFORM,
    ),
    proactive=(templates.is_one_of("AWS::SageMaker::Domain", "AppNetworkAccessType", "VpcOnly"),),
    detective=(Detective("sagemaker-domain-in-vpc"),),
)
