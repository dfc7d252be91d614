"""Guardrail: keys are for identities of the organization."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Facts, Guardrail, Statement
from landrail.guardrails.perimeter import ours_only


def _resources(_facts: Facts) -> tuple[Statement, ...]:
    return (ours_only("kms:*"),)


GUARDRAIL = Guardrail(
    id="kms-shared-inside",
    title="keys are for identities of the organization",
    why="who has the key has the data",
    severity="critical",
    remedy="name roles of the organization in the key's policy",
    resource_control=_resources,
    proactive=(templates.not_public("AWS::KMS::Key", "KeyPolicy"),),
    detective=(
        Detective("kms-key-policy-no-public-access"),
        Detective("kms-key-open-outside"),
    ),
)
