"""EBS snapshots: whether they are encrypted, and who may restore them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items, wants
from landrail.inventory.describing import each
from landrail.inventory.ec2 import named, strangers
from landrail.inventory.table import Column, Row, Table, listed


def _collect(ask: Ask) -> Iterator[Row]:
    own = items(ask, "ec2", "DescribeSnapshots", "Snapshots", OwnerIds=["self"])
    found = {snapshot["SnapshotId"]: snapshot for snapshot in own}
    # One list says which may be public at all; only those are looked at one by one.
    suspects: frozenset[str] = frozenset()
    if found and wants(ask, "public"):
        shared = items(
            *(ask, "ec2", "DescribeSnapshots", "Snapshots"),
            OwnerIds=["self"],
            RestorableByUserIds=["all"],
        )
        suspects = frozenset(snapshot["SnapshotId"] for snapshot in shared)
    yield from each(ask, found, lambda name: _rows(ask, found[name], name in suspects))


def _rows(ask: Ask, snapshot: Mapping[str, Any], suspect: bool) -> Iterator[Row]:
    row = {
        **named(ask, "snapshot", snapshot, "SnapshotId"),
        "arn": f"arn:aws:ec2:{ask.region}::snapshot/{snapshot['SnapshotId']}",
        "created": snapshot.get("StartTime"),
        "encrypted": bool(snapshot.get("Encrypted")),
        "kms_key": snapshot.get("KmsKeyId"),
        "public": False,
    }
    if suspect or wants(ask, "outsiders"):
        told = ask(
            *("ec2", "DescribeSnapshotAttribute"),
            SnapshotId=snapshot["SnapshotId"],
            Attribute="createVolumePermission",
        )
        shared = told.get("CreateVolumePermissions") or ()
        row["public"] = any(permission.get("Group") == "all" for permission in shared)
        row["outsiders"] = listed(strangers(ask, shared, "UserId"))
    yield row


TABLE = Table(
    name="ec2_snapshots",
    resource_type="AWS::EC2::Snapshot",
    services=("ec2",),
    columns=(
        Column("encrypted", "boolean", "whether it is encrypted"),
        Column("kms_key", "text", "the KMS key of its encryption"),
        Column("public", "boolean", "whether everybody may restore it"),
        Column("outsiders", "text", "who may restore it from outside the organization"),
    ),
    collect=_collect,
    reads=("ec2:DescribeSnapshotAttribute", "ec2:DescribeSnapshots"),
)
