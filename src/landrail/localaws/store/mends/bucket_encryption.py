"""The default encryption of buckets as S3 has it since April 2026: every bucket has one, if only
SSE-S3, and takes no objects with keys of the request (SSE-C) until somebody allows that. moto's
buckets have none, and forget which types are blocked.

Each touched internal has a test that fails when moto changes it. Source: S3 User Guide, "Blocking
or unblocking SSE-C for a general purpose bucket". What is left out when the encryption is set is
taken for blocked: AWS does not say.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response

OF_REQUESTS = "SSE-C"
_SSE_S3 = {
    "Rule": {
        "ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"},
        "BucketKeyEnabled": "false",
    }
}


def blocked_types(bucket: FakeBucket) -> tuple[str, ...]:
    """Return the types of encryption that a bucket takes no objects under."""
    given = _rule(bucket.encryption or _SSE_S3).get("BlockedEncryptionTypes") or {}
    types = given.get("EncryptionType") or OF_REQUESTS
    return (types,) if isinstance(types, str) else tuple(types)


def _rule(encryption: dict[str, Any]) -> dict[str, Any]:
    rule = encryption["Rule"]
    return dict(rule[0] if isinstance(rule, list) else rule)


def _kept(backend: S3Backend, bucket_name: str) -> dict[str, Any]:
    return backend.get_bucket(bucket_name).encryption or _SSE_S3


def _told(response: S3Response) -> Any:
    bucket = response.backend.get_bucket(response.bucket_name)
    rule = _rule(bucket.encryption or _SSE_S3)
    told = {
        "ApplyServerSideEncryptionByDefault": rule["ApplyServerSideEncryptionByDefault"],
        "BucketKeyEnabled": rule.get("BucketKeyEnabled") == "true",
        "BlockedEncryptionTypes": {"EncryptionType": list(blocked_types(bucket))},
    }
    answer = {"ServerSideEncryptionConfiguration": {"Rules": [told]}}
    response.data["Action"] = "GetBucketEncryption"
    return response.serialized(ActionResult(answer))


# module or class, attribute, what it becomes
TOUCHED: tuple[tuple[Any, str, Any], ...] = (
    (S3Backend, "get_bucket_encryption", _kept),
    (S3Response, "get_bucket_encryption", _told),
)
