"""Guardrail: no snapshot is shared with another account or everybody."""

from __future__ import annotations

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
    return (deny("ec2:ModifySnapshotAttribute", unless=(role(BREAK_GLASS), role(PLATFORM))),)


GUARDRAIL = Guardrail(
    id="ec2-no-snapshot-sharing",
    title="no snapshot is shared with another account or everybody",
    why="a snapshot is the whole disk",
    severity="critical",
    remedy="copy data to a bucket that is shared by role",
    frameworks=Frameworks(
        control_tower=("AWS-GR_EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK",),
        security_hub=("EC2.1",),
        conformance_packs=(
            "ct-detective",
            "self-hosted-ai-ml",
        ),
    ),
    service_control=_statements,
    detective=(
        Detective("ebs-snapshot-public-restorable-check"),
        Detective("ebs-snapshot-open-outside"),
    ),
)
