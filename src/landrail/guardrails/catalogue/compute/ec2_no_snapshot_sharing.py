"""Guardrail: no snapshot is shared with another account or everybody."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ec2-no-snapshot-sharing",
    title="no snapshot is shared with another account or everybody",
    why="a snapshot is the whole disk",
    severity="critical",
    remedy="copy data to a bucket that is shared by role",
    frameworks=Frameworks(
        control_tower=("AWS-GR_EBS_SNAPSHOT_PUBLIC_RESTORABLE_CHECK",),
        security_hub=("EC2.1",),
        conformance_packs=("ct-detective", "self-hosted-ai-ml"),
    ),
    service_control=fixed(deny("ec2:ModifySnapshotAttribute", unless=BREAK_GLASS_AND_PLATFORM)),
    detective=(
        Detective("ebs-snapshot-public-restorable-check"),
        Detective("ebs-snapshot-open-outside"),
    ),
)
