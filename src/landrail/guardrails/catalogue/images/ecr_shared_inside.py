"""Guardrail: images are pulled by identities of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.perimeter import ours_only
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="ecr-shared-inside",
    title="images are pulled by identities of the organization",
    why="images hold the code and often the model",
    severity="high",
    remedy="share with roles of the organization",
    resource_control=fixed(ours_only("ecr:*")),
    proactive=(templates.not_public("AWS::ECR::Repository", "RepositoryPolicyText"),),
    detective=(Detective("ecr-repository-open-outside"),),
)
