"""Guardrail: no snapshot of a database is shared or public."""

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
    return (
        deny(
            (
                "rds:ModifyDBClusterSnapshotAttribute",
                "rds:ModifyDBSnapshotAttribute",
            ),
            unless=(role(BREAK_GLASS), role(PLATFORM)),
        ),
    )


GUARDRAIL = Guardrail(
    id="rds-no-snapshot-sharing",
    title="no snapshot of a database is shared or public",
    why="a snapshot is the whole database",
    severity="critical",
    remedy="copy data to a bucket that is shared by role",
    frameworks=Frameworks(
        control_tower=("AWS-GR_RDS_SNAPSHOTS_PUBLIC_PROHIBITED",),
        security_hub=("RDS.1",),
        conformance_packs=(
            "ct-detective",
            "sagemaker-governance",
        ),
    ),
    service_control=_statements,
    detective=(
        Detective("rds-snapshots-public-prohibited"),
        Detective("rds-snapshot-open-outside"),
    ),
)
