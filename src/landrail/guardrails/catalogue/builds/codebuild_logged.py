"""Guardrail: builds are logged."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="codebuild-logged",
    title="builds are logged",
    why="what a build did is known from its log alone",
    severity="medium",
    remedy="leave logs on",
    frameworks=Frameworks(
        security_hub=("CodeBuild.4",),
        conformance_packs=("devops",),
    ),
    detective=(Detective("codebuild-project-logging-enabled"),),
)
