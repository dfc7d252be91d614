"""CloudTrail trails, in the account that owns them: whose key, and can their files be trusted."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.ask import Ask
from landrail.inventory.table import Column, Row, Table, listed
from landrail.inventory.trails import Trail, trails


def _collect(ask: Ask) -> Iterator[Row]:
    for trail in trails(ask):
        owner = trail.arn.split(":")[4]
        if (owner, trail.described.get("HomeRegion", ask.region)) == (ask.account, ask.region):
            yield _row(trail)


def _row(trail: Trail) -> Row:
    described = trail.described
    return {
        "resource_id": trail.arn,
        "resource_name": described["Name"],
        "arn": trail.arn,
        "configuration": dict(described),
        "logging": trail.logging,
        "kms_key": described.get("KmsKeyId"),
        "validates_files": bool(described.get("LogFileValidationEnabled")),
        "multi_region": bool(described.get("IsMultiRegionTrail")),
        "of_organization": bool(described.get("IsOrganizationTrail")),
        "bucket": described.get("S3BucketName"),
        "log_group": described.get("CloudWatchLogsLogGroupArn"),
        "management_events": trail.management,
        "object_buckets": listed(trail.object_buckets),
    }


TABLE = Table(
    name="cloudtrail_trails",
    resource_type="AWS::CloudTrail::Trail",
    services=("cloudtrail",),
    columns=(
        Column("logging", "boolean", "whether it logs"),
        Column("kms_key", "text", "the KMS key of its files"),
        Column("validates_files", "boolean", "whether signed digests go with its files"),
        Column("multi_region", "boolean", "whether it records all regions"),
        Column("of_organization", "boolean", "whether it records all accounts"),
        Column("bucket", "text", "the bucket of its files"),
        Column("log_group", "text", "the log group that it also writes to"),
        Column("management_events", "text", "`All`, `ReadOnly`, `WriteOnly` or nothing"),
        Column("object_buckets", "text", "the buckets whose objects' events it records, `*` all"),
    ),
    collect=_collect,
    reads=(
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetTrailStatus",
    ),
)
