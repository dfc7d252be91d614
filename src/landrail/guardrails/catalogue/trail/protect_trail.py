"""Guardrail: nobody stops, changes or deletes a trail."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Detective, Facts, Frameworks, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, deny


def _trail(_facts: Facts) -> tuple[Statement, ...]:
    actions = narrow("cloudtrail", writes_on("cloudtrail", "trail"))
    return (deny(actions, unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="protect-trail",
    title="nobody stops, changes or deletes a trail",
    why="what is not in the trail cannot be found afterwards",
    severity="critical",
    remedy="ask the security team; the trail belongs to the management account",
    frameworks=Frameworks(
        control_tower=("AWS-GR_ENSURE_CLOUDTRAIL_ENABLED_ON_MEMBER_ACCOUNTS",),
        security_hub=("CloudTrail.1", "CloudTrail.2", "CloudTrail.4"),
        conformance_packs=("ai-ml-infrastructure", "ct-detective"),
    ),
    service_control=_trail,
    detective=(
        Detective("cloud-trail-enabled"),
        Detective("multi-region-cloud-trail-enabled"),
        Detective("cloud-trail-encryption-enabled"),
        Detective("cloud-trail-log-file-validation-enabled"),
        Detective("cloud-trail-logging"),
    ),
)
