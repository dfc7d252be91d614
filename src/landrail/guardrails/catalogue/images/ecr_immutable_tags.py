"""Guardrail: a tag of an image never means another image."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ecr-immutable-tags",
    title="a tag of an image never means another image",
    why="what was tested is not what runs if its tag can move",
    severity="high",
    remedy="push under a new tag",
    kinds=("shared-services", "data-science", "development"),
    frameworks=Frameworks(
        security_hub=("ECR.2",), conformance_packs=("devops", "self-hosted-ai-ml")
    ),
    service_control=fixed(deny("ecr:PutImageTagMutability", unless=BREAK_GLASS_AND_PLATFORM)),
    proactive=(
        templates.is_one_of(
            "AWS::ECR::Repository", "ImageTagMutability", "IMMUTABLE", "IMMUTABLE_WITH_EXCLUSION"
        ),
    ),
    detective=(Detective("ecr-private-tag-immutability-enabled"),),
)
