"""The log archive: one bucket for the trail and for Config, locked so that nobody can shorten the
retention, under a key of its own."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.compiler import site
from landrail.compiler.parts import buckets, keys
from landrail.compiler.parts.templates import template
from landrail.compiler.statements import Statement, allow, of_organization
from landrail.resources import Stack, account_id, organization_id
from landrail.spec import Platform

RETENTION_DAYS = 365
ALIAS = "landrail/log-archive"
_RECORDERS = "arn:aws:iam::*:role/landrail/config-recorder"


def compile_log_archive(platform: Platform) -> Iterator[Stack]:
    """Yield the stack of the log archive."""
    made = template(
        "Landrail: the archive of trail and Config, locked for a year",
        keys.key(
            platform,
            site.LOG_ARCHIVE,
            ALIAS,
            "Trail and Config deliveries",
            _needed(platform, _key_uses(platform)),
        ),
        buckets.bucket(
            site.log_bucket(platform),
            _needed(platform, _bucket_uses(platform)),
            locked_days=RETENTION_DAYS,
        ),
    )
    after = [site.stack_address(site.LOG_ARCHIVE, "baseline")]
    yield site.stack(platform, site.LOG_ARCHIVE, "log-archive", made, after=after)


def trail_arn(platform: Platform) -> str:
    """Return the ARN of the organization's trail."""
    home = account_id(site.MANAGEMENT)
    return f"arn:aws:cloudtrail:{platform.region}:{home}:trail/{site.TRAIL}"


def _needed(platform: Platform, uses: list[Statement]) -> list[Statement]:
    """Leave out what is for a trail of ours, where Control Tower keeps one."""
    zone = platform.landing_zone
    kept = zone is not None and zone.trail
    return [use for use in uses if not (kept and str(use["Sid"]).startswith("Trail"))]


def _key_uses(platform: Platform) -> list[Statement]:
    trail = {"Service": "cloudtrail.amazonaws.com"}
    from_trail = {"StringEquals": {"aws:SourceArn": trail_arn(platform)}}
    recorders = {
        "StringEquals": of_organization(),
        "ArnLike": {"aws:PrincipalArn": _RECORDERS},
    }
    encrypt = ("kms:DescribeKey", "kms:GenerateDataKey*")
    everybody = {"AWS": "*"}
    return [
        allow(encrypt, "*", from_trail, sid="Trail", principal=trail),
        allow((*encrypt, "kms:Decrypt"), "*", recorders, sid="Config", principal=everybody),
    ]


def _bucket_uses(platform: Platform) -> list[Statement]:
    bucket = site.log_bucket(platform)
    trail = {"Service": "cloudtrail.amazonaws.com"}
    from_trail = {"StringEquals": {"aws:SourceArn": trail_arn(platform)}}
    recorders = {
        "StringEquals": of_organization(),
        "ArnLike": {"aws:PrincipalArn": _RECORDERS},
    }
    everybody = {"AWS": "*"}
    trees = [
        buckets.arn(bucket, f"AWSLogs/{account_id(site.MANAGEMENT)}/*"),
        buckets.arn(bucket, f"AWSLogs/{organization_id()}/*"),
    ]
    return [
        allow("s3:GetBucketAcl", buckets.arn(bucket), from_trail, sid="TrailAcl", principal=trail),
        allow("s3:PutObject", trees, from_trail, sid="TrailWrite", principal=trail),
        allow(
            ("s3:GetBucketAcl", "s3:ListBucket"),
            buckets.arn(bucket),
            recorders,
            sid="ConfigCheck",
            principal=everybody,
        ),
        # Config writes with an ACL, which takes an action of its own.
        allow(
            ("s3:PutObject", "s3:PutObjectAcl"),
            buckets.arn(bucket, "AWSLogs/*/Config/*"),
            recorders,
            sid="ConfigWrite",
            principal=everybody,
        ),
    ]
