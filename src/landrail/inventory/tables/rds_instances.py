"""RDS database instances: encryption and reach."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.ask import Ask, items
from landrail.inventory.describing import tags_of
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    for instance in items(ask, "rds", "DescribeDBInstances", "DBInstances"):
        yield {
            "resource_id": instance.get("DbiResourceId") or instance["DBInstanceIdentifier"],
            "resource_name": instance["DBInstanceIdentifier"],
            "arn": instance["DBInstanceArn"],
            "created": instance.get("InstanceCreateTime"),
            "tags": tags_of(instance.get("TagList") or ()),
            "configuration": dict(instance),
            "encrypted": bool(instance.get("StorageEncrypted")),
            "kms_key": instance.get("KmsKeyId"),
            "public": bool(instance.get("PubliclyAccessible")),
        }


TABLE = Table(
    name="rds_instances",
    resource_type="AWS::RDS::DBInstance",
    services=("rds",),
    columns=(
        Column("encrypted", "boolean", "whether its storage is encrypted"),
        Column("kms_key", "text", "the KMS key of its storage"),
        Column("public", "boolean", "whether it can be reached from the internet"),
    ),
    collect=_collect,
    reads=("rds:DescribeDBInstances",),
)
