"""Guardrail: builds run in a VPC."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="codebuild-in-vpc",
    title="builds run in a VPC",
    why="a build outside of one reaches the whole internet, and it reaches the build",
    severity="medium",
    remedy="give the project a VpcConfig",
    kinds=(
        "shared-services",
        "data-science",
        "development",
        "uat",
        "production",
    ),
    service_control=Holding(
        key="codebuild:vpcConfig",
        must=always(must.given()),
        apart={
            "UpdateFleet": "changes what has one",
            "UpdateProject": "changes what has one",
        },
    ),
    proactive=(templates.given("AWS::CodeBuild::Project", "VpcConfig.VpcId"),),
    detective=(Detective("codebuild-project-in-vpc"),),
    recommended=False,
)
