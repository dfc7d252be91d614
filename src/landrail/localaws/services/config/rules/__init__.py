"""The managed rules that the local AWS evaluates, one a file, by AWS's identifier.

A rule is a function from a bucket and the rule's parameters to what is wrong with it, or None.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from landrail.localaws.services.config.facts import Bucket
from landrail.localaws.services.config.rules import (
    default_kms,
    encryption,
    public_read,
    public_write,
    versioning,
)

Rule = Callable[[Bucket, Mapping[str, str]], str | None]

RULES: Mapping[str, Rule] = {
    "S3_BUCKET_PUBLIC_READ_PROHIBITED": public_read.finding,
    "S3_BUCKET_PUBLIC_WRITE_PROHIBITED": public_write.finding,
    "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED": encryption.finding,
    "S3_DEFAULT_ENCRYPTION_KMS": default_kms.finding,
    "S3_BUCKET_VERSIONING_ENABLED": versioning.finding,
}

__all__ = ["RULES", "Rule"]
