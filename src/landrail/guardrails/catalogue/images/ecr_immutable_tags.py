"""Guardrail: a tag of an image never means another image."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Detective,
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("ecr:PutImageTagMutability", unless=(role(BREAK_GLASS), role(PLATFORM))),)


GUARDRAIL = Guardrail(
    id="ecr-immutable-tags",
    title="a tag of an image never means another image",
    why="what was tested is not what runs if its tag can move",
    severity="high",
    remedy="push under a new tag",
    kinds=(
        "shared-services",
        "data-science",
        "development",
    ),
    frameworks=Frameworks(
        security_hub=("ECR.2",),
        conformance_packs=(
            "devops",
            "self-hosted-ai-ml",
        ),
    ),
    service_control=_statements,
    proactive=(
        templates.is_one_of(
            "AWS::ECR::Repository", "ImageTagMutability", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"
        ),
    ),
    detective=(Detective("ecr-private-tag-immutability-enabled"),),
)
