"""How a request to S3 was signed, as condition keys: by what version, where, and how long ago.

Source: Amazon S3 API Reference, "Amazon S3 Signature Version 4 Authentication Specific Policy
Keys". The keys follow from a signature that was verified; an unsigned request has none.
"""

from __future__ import annotations

from landrail.localaws.gateway.callers.legacy import OldUrl
from landrail.localaws.gateway.callers.signature import Signed
from landrail.localaws.store import Incoming

_CONTENT = "x-amz-content-sha256"
_MILLISECONDS = 1000


def signing_keys(
    signed: Signed | None, old: OldUrl | None, incoming: Incoming, now: float
) -> dict[str, str | tuple[str, ...]]:
    """Return the keys of a request with this signature; `now` in seconds since the epoch."""
    if old is not None:
        # In signature version 2 the age is always 0.
        kind = "REST-QUERY-STRING"
        return {"s3:signatureversion": "AWS", "s3:authType": kind, "s3:signatureAge": "0"}
    if signed is None:
        return {}
    keys: dict[str, str | tuple[str, ...]] = {"s3:signatureversion": "AWS4-HMAC-SHA256"}
    if signed.presigned:
        keys["s3:authType"] = "REST-QUERY-STRING"
        age_in_seconds = max(0.0, now - signed.signed_at)
        keys["s3:signatureAge"] = str(int(age_in_seconds * _MILLISECONDS))
        return keys
    keys["s3:authType"] = "REST-HEADER"
    content = incoming.headers.get(_CONTENT)
    if content:
        keys["s3:x-amz-content-sha256"] = content
    return keys
