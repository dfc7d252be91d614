"""Guardrail: no snapshot of a database is shared or public."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="rds-no-snapshot-sharing",
    title="no snapshot of a database is shared or public",
    why="a snapshot is the whole database",
    severity="critical",
    remedy="copy data to a bucket that is shared by role",
    frameworks=Frameworks(
        control_tower=("AWS-GR_RDS_SNAPSHOTS_PUBLIC_PROHIBITED",),
        security_hub=("RDS.1",),
        conformance_packs=("ct-detective", "sagemaker-governance"),
    ),
    service_control=fixed(
        deny(
            ("rds:ModifyDBClusterSnapshotAttribute", "rds:ModifyDBSnapshotAttribute"),
            unless=BREAK_GLASS_AND_PLATFORM,
        )
    ),
    detective=(
        Detective("rds-snapshots-public-prohibited"),
        Detective("rds-snapshot-open-outside"),
    ),
)
