"""Guardrail: no image is published."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ecr-no-public-images",
    title="no image is published",
    why="an image has on board whatever its maker forgot there",
    severity="high",
    remedy="push to a private repository",
    service_control=fixed(
        deny(
            ("ecr-public:CreateRepository", "ecr-public:Put*", "ecr-public:SetRepositoryPolicy"),
            unless=BREAK_GLASS_ONLY,
        )
    ),
    proactive=(templates.never("AWS::ECR::PublicRepository", "it is public"),),
)
