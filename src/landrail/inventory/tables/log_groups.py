"""Log groups of CloudWatch: how long they keep, and by whose key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from landrail.inventory.ask import Ask, items
from landrail.inventory.describing import told_tags
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    for group in items(ask, "logs", "DescribeLogGroups", "logGroups"):
        name, made = group["logGroupName"], group.get("creationTime")
        arn = group["arn"].removesuffix(":*")
        yield {
            "resource_id": name,
            "resource_name": name,
            "arn": arn,
            "created": datetime.fromtimestamp(made / 1000, UTC) if made else None,
            "tags": told_tags(ask, "logs", "ListTagsForResource", "tags", resourceArn=arn),
            "configuration": dict(group),
            "retention_days": group.get("retentionInDays"),
            "kms_key": group.get("kmsKeyId"),
        }


TABLE = Table(
    name="log_groups",
    resource_type="AWS::Logs::LogGroup",
    services=("logs",),
    columns=(
        Column("retention_days", "integer", "how many days it keeps; null for ever"),
        Column("kms_key", "text", "the KMS key of what it keeps"),
    ),
    collect=_collect,
    reads=("logs:DescribeLogGroups", "logs:ListTagsForResource"),
)
