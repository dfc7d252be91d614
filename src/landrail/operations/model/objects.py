"""Objects that the steps write: under the key that is theirs, never without one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlparse


def put(s3: Any, bucket: str, name: str, body: bytes, key: str, **more: Any) -> Mapping[str, Any]:
    """Write an object encrypted by `key`; return S3's answer."""
    written: Mapping[str, Any] = s3.put_object(
        Bucket=bucket, Key=name, Body=body, **_by(key), **more
    )
    return written


def copy(s3: Any, source: str, bucket: str, name: str, key: str) -> Mapping[str, Any]:
    """Copy the object of an `s3://` URI, encrypted by `key`; return S3's answer."""
    place = urlparse(source)
    copied: Mapping[str, Any] = s3.copy_object(
        CopySource={"Bucket": place.netloc, "Key": place.path.lstrip("/")},
        Bucket=bucket,
        Key=name,
        **_by(key),
    )
    return copied


def _by(key: str) -> dict[str, str]:
    return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
