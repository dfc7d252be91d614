"""Guardrail: builds take their source over TLS that is checked."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.holding import Holding, Holdings, always

GUARDRAIL = Guardrail(
    id="codebuild-checked-source",
    title="builds take their source over TLS that is checked",
    why="who can stand in for the code host decides what is built",
    severity="medium",
    remedy="leave insecureSsl out",
    kinds=(
        "shared-services",
        "data-science",
        "development",
        "uat",
        "production",
    ),
    service_control=Holdings(
        tuple(
            Holding(key=f"codebuild:{name}.insecureSsl", must=always(must.not_true()))
            for name in ("source", "secondarySources")
        )
    ),
    proactive=(
        templates.is_not("AWS::CodeBuild::Project", "Source.InsecureSsl", True),
        templates.is_not("AWS::CodeBuild::Project", "SecondarySources.*.InsecureSsl", True),
    ),
    recommended=False,
)
