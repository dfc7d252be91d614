"""Guardrail: keys are for identities of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.perimeter import ours_only
from landrail.guardrails.statements import fixed

GUARDRAIL = Guardrail(
    id="kms-shared-inside",
    title="keys are for identities of the organization",
    why="who has the key has the data",
    severity="critical",
    remedy="name roles of the organization in the key's policy",
    resource_control=fixed(ours_only("kms:*")),
    proactive=(templates.not_public("AWS::KMS::Key", "KeyPolicy"),),
    detective=(Detective("kms-key-policy-no-public-access"), Detective("kms-key-open-outside")),
)
