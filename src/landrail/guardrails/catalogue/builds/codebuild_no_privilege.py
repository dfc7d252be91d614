"""Guardrail: builds are not root on their host."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="codebuild-no-privilege",
    title="builds are not root on their host",
    why="a privileged container is its host",
    severity="high",
    remedy="build images without a daemon",
    kinds=(
        "shared-services",
        "data-science",
        "development",
        "uat",
        "production",
    ),
    frameworks=Frameworks(
        conformance_packs=("devops",),
    ),
    service_control=Holding(
        key="codebuild:environment.privilegedMode", must=always(must.not_true())
    ),
    proactive=(templates.is_not("AWS::CodeBuild::Project", "Environment.PrivilegedMode", True),),
    detective=(Detective("codebuild-project-environment-privileged-check"),),
)
