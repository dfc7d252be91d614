"""What a bucket has from its first moment on: a public access block with all four settings, and
object ownership by its owner alone. moto's buckets begin open.

Each touched internal has a test that fails when moto changes it.
Source: S3 User Guide, "Default settings for new S3 buckets FAQ" (since April 2023).
"""

from __future__ import annotations

from typing import Any

from moto.s3.models import FakeBucket, PublicAccessBlock, S3Backend

_CREATE_BUCKET = S3Backend.create_bucket
ENFORCED = "BucketOwnerEnforced"


def _create_bucket(backend: S3Backend, *given: Any, **named: Any) -> FakeBucket:
    """A request that asks for another ownership sets it right after this."""
    made: FakeBucket = _CREATE_BUCKET(backend, *given, **named)
    made.public_access_block = PublicAccessBlock(True, True, True, True)
    made.ownership_rule = ENFORCED  # type: ignore[assignment]  # moto keeps a text here
    return made


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = ((S3Backend, "create_bucket", _create_bucket),)
