"""Accounts, as CloudTrail sees them: which trails record them in a region."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.account import account_row
from landrail.inventory.ask import Ask
from landrail.inventory.table import Column, Row, Table, listed
from landrail.inventory.trails import Trail, trails


def _collect(ask: Ask) -> Iterator[Row]:
    logging = [trail for trail in trails(ask) if trail.logging]
    yield {
        **account_row(ask),
        "trails": listed(map(_said, logging)),
        "object_buckets": listed(b for trail in logging for b in trail.object_buckets),
        "configuration": {"trails": [trail.arn for trail in logging]},
    }


def _said(trail: Trail) -> str:
    described = trail.described
    return "|".join(
        (
            described.get("S3BucketName") or "",
            described.get("SnsTopicARN") or "",
            described.get("CloudWatchLogsLogGroupArn") or "",
            "multi-region" if described.get("IsMultiRegionTrail") else "one-region",
            "true" if trail.management else "false",
            trail.management,
            "complete" if trail.complete else "partial",
        )
    )


TABLE = Table(
    name="accounts_cloudtrail",
    resource_type="AWS::::Account",
    services=("cloudtrail",),
    columns=(
        Column(
            "trails",
            "text",
            "trails that log, each between commas, as bucket, topic, log group, `multi-region`, "
            "`true` where it records management events, which of them, and `complete` where of all "
            "services, with bars between",
        ),
        Column("object_buckets", "text", "buckets whose objects' events are recorded, `*` all"),
    ),
    collect=_collect,
    reads=(
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetTrailStatus",
    ),
)
