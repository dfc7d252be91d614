"""Fix: a snapshot of a database is taken back from everybody."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("rds-snapshots-public-prohibited",),
    says="take the snapshot back from everybody",
    calls=fixed_call(
        "rds",
        "ModifyDBSnapshotAttribute",
        DBSnapshotIdentifier="{id}",
        AttributeName="restore",
        ValuesToRemove=["all"],
    ),
    actions=("rds:ModifyDBSnapshotAttribute",),
)
