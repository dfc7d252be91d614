"""Fix: a snapshot is taken back from everybody."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("ebs-snapshot-public-restorable-check",),
    says="take the snapshot back from everybody",
    calls=fixed_call(
        "ec2",
        "ModifySnapshotAttribute",
        SnapshotId="{id}",
        Attribute="createVolumePermission",
        OperationType="remove",
        GroupNames=["all"],
    ),
    actions=("ec2:ModifySnapshotAttribute",),
)
