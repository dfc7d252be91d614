"""S3_BUCKET_PUBLIC_WRITE_PROHIBITED: neither policy nor ACL lets everybody write."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.services.config.facts import Bucket
from landrail.localaws.services.config.public import WRITES, acl_allows, policy_allows


def finding(bucket: Bucket, parameters: Mapping[str, str]) -> str | None:
    """Return what lets everybody write, unless a public-access block takes its effect away."""
    del parameters
    if "RestrictPublicBuckets" not in bucket.blocks and policy_allows(bucket.policy, WRITES):
        return "The S3 bucket policy allows public write access."
    permissions = ("WRITE", "WRITE_ACP")
    if "IgnorePublicAcls" not in bucket.blocks and acl_allows(bucket.grants, permissions):
        return "The S3 bucket ACL allows public write access."
    return None
