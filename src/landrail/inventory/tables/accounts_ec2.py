"""Accounts, as EC2 sees them in a region: what holds for all volumes, snapshots and images."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask, wants
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    row: dict[str, Any] = account_row(ask)
    if wants(ask, "ebs_encryption"):
        told = ask("ec2", "GetEbsEncryptionByDefault")
        row["ebs_encryption"] = bool(told.get("EbsEncryptionByDefault"))
    if wants(ask, "snapshot_block"):
        row["snapshot_block"] = ask("ec2", "GetSnapshotBlockPublicAccessState").get("State")
    if wants(ask, "image_block"):
        told = ask("ec2", "GetImageBlockPublicAccessState")
        row["image_block"] = told.get("ImageBlockPublicAccessState")
    if wants(ask, "default_imds"):
        told = ask("ec2", "GetInstanceMetadataDefaults").get("AccountLevel") or {}
        row["default_imds"] = told.get("HttpTokens")
    yield row


TABLE = Table(
    name="accounts_ec2",
    resource_type="AWS::::Account",
    services=("ec2",),
    columns=(
        Column("ebs_encryption", "boolean", "whether new volumes are encrypted by default"),
        Column("snapshot_block", "text", "`block-all-sharing`, `block-new-sharing`, `unblocked`"),
        Column("image_block", "text", "`block-new-sharing` or `unblocked`"),
        Column("default_imds", "text", "`required` where new instances take IMDSv2 by default"),
    ),
    collect=_collect,
    reads=(
        "ec2:GetEbsEncryptionByDefault",
        "ec2:GetImageBlockPublicAccessState",
        "ec2:GetInstanceMetadataDefaults",
        "ec2:GetSnapshotBlockPublicAccessState",
    ),
)
