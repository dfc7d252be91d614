"""S3_BUCKET_PUBLIC_READ_PROHIBITED: neither policy nor ACL lets everybody read."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.services.config.facts import Bucket
from landrail.localaws.services.config.public import READS, acl_allows, policy_allows


def finding(bucket: Bucket, parameters: Mapping[str, str]) -> str | None:
    """Return what lets everybody read, unless a public-access block takes its effect away."""
    del parameters
    if "RestrictPublicBuckets" not in bucket.blocks and policy_allows(bucket.policy, READS):
        return "The S3 bucket policy allows public read access."
    if "IgnorePublicAcls" not in bucket.blocks and acl_allows(bucket.grants, ["READ"]):
        return "The S3 bucket ACL allows public read access."
    return None
