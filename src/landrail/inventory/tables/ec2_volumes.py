"""EBS volumes: whether they are encrypted, and by which key."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.ask import Ask, items
from landrail.inventory.ec2 import named
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    for volume in items(ask, "ec2", "DescribeVolumes", "Volumes"):
        yield {
            **named(ask, "volume", volume, "VolumeId"),
            "created": volume.get("CreateTime"),
            "encrypted": bool(volume.get("Encrypted")),
            "kms_key": volume.get("KmsKeyId"),
            "attached": bool(volume.get("Attachments")),
        }


TABLE = Table(
    name="ec2_volumes",
    resource_type="AWS::EC2::Volume",
    services=("ec2",),
    columns=(
        Column("encrypted", "boolean", "whether it is encrypted"),
        Column("kms_key", "text", "the KMS key of its encryption"),
        Column("attached", "boolean", "whether it is attached to an instance"),
    ),
    collect=_collect,
    reads=("ec2:DescribeVolumes",),
)
