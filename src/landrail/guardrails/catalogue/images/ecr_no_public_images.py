"""Guardrail: no image is published."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Facts,
    Guardrail,
    Statement,
    TemplateCheck,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "ecr-public:CreateRepository",
                "ecr-public:Put*",
                "ecr-public:SetRepositoryPolicy",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="ecr-no-public-images",
    title="no image is published",
    why="an image has on board whatever its maker forgot there",
    severity="high",
    remedy="push to a private repository",
    service_control=_statements,
    proactive=(TemplateCheck("AWS::ECR::PublicRepository", lambda _properties: "is public"),),
)
