"""Guardrail: packages are read by identities of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Facts, Guardrail, Statement
from landrail.guardrails.perimeter import ours_only


def _resources(_facts: Facts) -> tuple[Statement, ...]:
    return (ours_only("codeartifact:*"),)


GUARDRAIL = Guardrail(
    id="codeartifact-shared-inside",
    title="packages are read by identities of the organization",
    why="packages are the enterprise's code",
    severity="high",
    remedy="share with roles of the organization",
    resource_control=_resources,
    proactive=(
        templates.not_public("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument"),
        templates.not_public("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument"),
    ),
    detective=(
        Detective("codeartifact-domain-open-outside"),
        Detective("codeartifact-repository-open-outside"),
    ),
)
