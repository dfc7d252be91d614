"""Guardrail: packages are read by identities of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.perimeter import ours_only
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="codeartifact-shared-inside",
    title="packages are read by identities of the organization",
    why="packages are the enterprise's code",
    severity="high",
    remedy="share with roles of the organization",
    resource_control=fixed(ours_only("codeartifact:*")),
    proactive=(
        templates.not_public("AWS::CodeArtifact::Domain", "PermissionsPolicyDocument"),
        templates.not_public("AWS::CodeArtifact::Repository", "PermissionsPolicyDocument"),
    ),
    detective=(
        Detective("codeartifact-domain-open-outside"),
        Detective("codeartifact-repository-open-outside"),
    ),
)
