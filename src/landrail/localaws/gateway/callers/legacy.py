"""Presigned URLs of S3 in the old form (`AWSAccessKeyId`, `Signature`, `Expires`): HMAC-SHA1.

boto3 still makes them unless it is told otherwise, and S3 still takes them in the regions that are
old enough. Only URLs: the old Authorization header is refused.
Source: Amazon S3 User Guide, "Signing and authenticating REST requests (AWS signature version 2)".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from landrail.localaws.gateway.callers.signature import Malformed, pairs
from landrail.localaws.gateway.faults import Refusal
from landrail.localaws.store import Incoming

# Query parameters that name a part of the resource, and are signed.
_NAMES = """
accelerate acl analytics cors defaultObjectAcl delete inventory lifecycle location logging metrics
notification object-lock partNumber policy replication requestPayment response-cache-control
response-content-disposition response-content-encoding response-content-language
response-content-type response-expires restore select select-type storageClass tagging torrent
uploadId uploads versionId versioning versions website x-amz-security-token
"""
_SIGNED = frozenset(_NAMES.split())
# Those that the old signature does not cover and that only page through a list.
_PAGES = """
prefix delimiter marker max-keys list-type continuation-token start-after encoding-type fetch-owner
key-marker version-id-marker upload-id-marker part-number-marker max-uploads max-parts
AWSAccessKeyId Signature Expires
"""
_PAGING = frozenset(_PAGES.split())
_OWN = "x-amz-"


@dataclass(frozen=True, slots=True)
class OldUrl:
    """What an old presigned URL says of its signature."""

    access_key_id: str
    signature: str
    expires: int
    token: str | None


def find(incoming: Incoming) -> OldUrl | None:
    """Return what the URL says, None where it is no such URL."""
    if "AWSAccessKeyId=" not in incoming.query:
        return None
    query = _query(incoming)
    if not {"AWSAccessKeyId", "Signature", "Expires"} <= query.keys():
        return None
    expires = query["Expires"]
    if not re.fullmatch("[0-9]{1,12}", expires):
        raise Malformed("Invalid date (should be seconds since epoch)", Refusal.DENIED, "s3")
    return OldUrl(
        query["AWSAccessKeyId"],
        query["Signature"],
        int(expires),
        query.get("x-amz-security-token"),
    )


def expected(url: OldUrl, incoming: Incoming, secret: str) -> tuple[str, ...]:
    """Return the signatures that the holder of `secret` may have made for this request; the bucket
    is in the path of `incoming`. A session's token stands in the query and is signed there, or, as
    boto3 has it, where it would stand as a header."""
    query = _query(incoming)
    carried = {name: value for name, value in query.items() if name.startswith(_OWN)}
    rest = {name: value for name, value in query.items() if name not in carried}
    as_headers = _signature(url, incoming, secret, rest, carried)
    if carried.keys() - _SIGNED:
        return (as_headers,)
    return (as_headers, _signature(url, incoming, secret, query, {}))


def _signature(
    url: OldUrl,
    incoming: Incoming,
    secret: str,
    query: Mapping[str, str],
    carried: Mapping[str, str],
) -> str:
    sent = {name: value for name, value in incoming.headers.items() if name.startswith(_OWN)}
    headers = {**sent, **carried}
    amz = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    signed = [
        name if query[name] == "" else f"{name}={query[name]}"
        for name in sorted(query)
        if name in _SIGNED
    ]
    resource = incoming.path + (f"?{'&'.join(signed)}" if signed else "")
    text = "\n".join(
        (
            incoming.method,
            incoming.headers.get("content-md5", ""),
            incoming.headers.get("content-type", ""),
            str(url.expires),
            amz + resource,
        )
    )
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _query(incoming: Incoming) -> Mapping[str, str]:
    """The parameters; one that is there twice has an unsigned value, so the URL is refused."""
    found = pairs(incoming.query)
    query = dict(found)
    if len(query) != len(found):
        raise Malformed("a parameter of a presigned URL is there twice", Refusal.QUERY)
    for name in query:
        if name not in _SIGNED and name not in _PAGING and not name.startswith(_OWN):
            # Unsigned, it would make another operation of what was signed.
            raise Malformed(f"the old signature does not cover `{name}`", Refusal.QUERY)
    return query
