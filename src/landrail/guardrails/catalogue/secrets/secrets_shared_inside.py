"""Guardrail: secrets are for identities of the organization."""

from __future__ import annotations

from landrail.guardrails import must, templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.holding import Holding, always
from landrail.guardrails.perimeter import ours_only
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="secrets-shared-inside",
    title="secrets are for identities of the organization",
    why="a secret that everybody may read is none",
    severity="critical",
    remedy="set BlockPublicPolicy, and name roles in the policy",
    service_control=Holding(key="secretsmanager:BlockPublicPolicy", must=always(must.true())),
    resource_control=fixed(ours_only("secretsmanager:*")),
    proactive=(templates.not_public("AWS::SecretsManager::ResourcePolicy", "ResourcePolicy"),),
    detective=(Detective("secretsmanager-secret-open-outside"),),
)
