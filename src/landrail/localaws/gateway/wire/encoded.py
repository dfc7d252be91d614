"""Bodies that a client has compressed: botocore does so with large PutMetricData requests.

Only for CloudWatch; elsewhere AWS takes `Content-Encoding` for something about an object. A
signature is over the body as it was sent, so this comes beside the check of it and not before.
"""

from __future__ import annotations

import zlib
from dataclasses import replace

from landrail.localaws.api import ApiError
from landrail.localaws.store import Incoming

_SERVICE = "monitoring"
_LONGEST = 8 * 1024 * 1024
_GZIP = 16 + zlib.MAX_WBITS


def inflated(incoming: Incoming, signing_name: str) -> Incoming:
    """Return the request with its body as it was before it was compressed; raises ApiError for one
    that is not what it says, or is longer than any request may be."""
    if signing_name != _SERVICE or incoming.headers.get("content-encoding", "") != "gzip":
        return incoming
    reader = zlib.decompressobj(_GZIP)
    try:
        body = reader.decompress(incoming.body, _LONGEST)
    except zlib.error as error:
        raise ApiError("MalformedInput", f"The body cannot be read as gzip: {error}.") from error
    if reader.unconsumed_tail:
        raise ApiError("RequestEntityTooLarge", "The request is longer than one may be.", 413)
    if not reader.eof:
        raise ApiError("MalformedInput", "The body cannot be read as gzip: it ends too early.")
    return replace(incoming, body=body)
