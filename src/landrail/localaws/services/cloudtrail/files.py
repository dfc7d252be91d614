"""One file put to a trail's bucket, by CloudTrail's service principal."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import Platform
from landrail.localaws.services.cloudtrail.settings import SERVICE, Settings


def put(
    platform: Platform,
    found: Settings,
    key: str,
    content: bytes,
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Put a file as CloudTrail's service principal, at most once under its key; raises ApiError."""
    body = gzip.compress(content, mtime=0)
    # A bucket with a retention takes nothing without a checksum.
    checksum = hashlib.md5(body, usedforsecurity=False).digest()
    params: dict[str, Any] = {
        "Bucket": found.bucket,
        "Key": key,
        "Body": body,
        "ContentMD5": base64.b64encode(checksum).decode(),
        "ACL": "bucket-owner-full-control",
        "ContentType": "application/json",
        "ContentEncoding": "gzip",
    }
    if metadata:
        params["Metadata"] = dict(metadata)
    if found.key:
        context = json.dumps({"aws:cloudtrail:arn": found.arn}).encode()
        params |= {
            "ServerSideEncryption": "aws:kms",
            "SSEKMSKeyId": found.key,
            "SSEKMSEncryptionContext": base64.b64encode(context).decode(),
        }
    platform.call(
        SERVICE,
        "s3",
        "PutObject",
        params,
        region=found.region,
        context=found.context,
        once=f"cloudtrail/{found.bucket}/{key}",
    )


def digest(content: bytes) -> str:
    """Return the sha256 of a file's content before compression, as digest files have it."""
    return hashlib.sha256(content).hexdigest()
