"""Objects under a key that comes with the request (SSE-C): a bucket takes them only where that was
allowed, whatever policies say. Source: S3 User Guide, "Blocking or unblocking SSE-C for a general
purpose bucket"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.layers.sources import Sources

_WRITES = ("PutObject", "CopyObject", "CreateMultipartUpload", "UploadPart", "UploadPartCopy")


def refuse_own_key(operation: str, params: Mapping[str, Any], sources: Sources) -> None:
    """Raise ApiError for an object under its own key that the bucket does not take."""
    if operation not in _WRITES or not params.get("SSECustomerAlgorithm"):
        return
    if not sources.takes_own_keys(str(params.get("Bucket"))):
        raise ApiError(
            "AccessDenied",
            "The bucket takes no objects with keys of the request: SSE-C is among its blocked "
            "encryption types.",
            403,
        )
