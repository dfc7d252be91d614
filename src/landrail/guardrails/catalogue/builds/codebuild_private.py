"""Guardrail: no build is shown to everybody."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.holding import Holding, always

GUARDRAIL = Guardrail(
    id="codebuild-private",
    title="no build is shown to everybody",
    why="a public build shows its log and its artifacts",
    severity="high",
    remedy="leave the project private",
    kinds=(
        "shared-services",
        "data-science",
        "development",
        "uat",
        "production",
    ),
    service_control=Holding(
        key="codebuild:projectVisibility", must=always(must.not_one_of("PUBLIC_READ"))
    ),
    proactive=(templates.is_not("AWS::CodeBuild::Project", "Visibility", "PUBLIC_READ"),),
    detective=(Detective("codebuild-project-not-public"),),
)
