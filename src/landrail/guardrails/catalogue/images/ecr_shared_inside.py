"""Guardrail: images are pulled by identities of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Facts, Guardrail, Statement
from landrail.guardrails.perimeter import ours_only


def _resources(_facts: Facts) -> tuple[Statement, ...]:
    return (ours_only("ecr:*"),)


GUARDRAIL = Guardrail(
    id="ecr-shared-inside",
    title="images are pulled by identities of the organization",
    why="images hold the code and often the model",
    severity="high",
    remedy="share with roles of the organization",
    resource_control=_resources,
    proactive=(templates.not_public("AWS::ECR::Repository", "RepositoryPolicyText"),),
    detective=(Detective("ecr-repository-open-outside"),),
)
