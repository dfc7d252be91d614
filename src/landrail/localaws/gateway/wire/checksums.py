"""The checksums that S3 verifies on what is uploaded: Content-MD5 and the flexible ones.

One that is sent is computed; one that says it is of an algorithm that S3 does not have is refused,
and so are two at once. Source: Amazon S3 User Guide, "Checking object integrity".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable

from landrail.localaws.api import ApiError
from landrail.localaws.gateway.wire.crc import crc32c, crc64nvme
from landrail.localaws.store import Incoming

_BEGINS = "x-amz-checksum-"
_DIGESTS: dict[str, Callable[[bytes], bytes]] = {
    "crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "crc32c": crc32c,
    "crc64nvme": crc64nvme,
    "sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "sha256": lambda body: hashlib.sha256(body).digest(),
}
# Headers that begin alike and are no checksums.
_OTHERS = frozenset({"mode", "algorithm", "type"})


def checked(incoming: Incoming) -> Incoming:
    """Return the request; raises ApiError where a checksum in it is not its body's."""
    sent = incoming.headers.get("content-md5")
    if sent is not None:
        digest = hashlib.md5(incoming.body, usedforsecurity=False).digest()
        _compare("Content-MD5", sent, digest, "InvalidDigest")
    found = [name for name in incoming.headers if name.startswith(_BEGINS)]
    names = [name for name in found if name.removeprefix(_BEGINS) not in _OTHERS]
    if incoming.method == "POST" and "uploadId=" in incoming.query:
        # CompleteMultipartUpload: the checksum is the whole object's, not the request's.
        return incoming
    if len(names) > 1:
        raise ApiError(
            "InvalidRequest",
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        )
    for name in names:
        algorithm = name.removeprefix(_BEGINS)
        if algorithm not in _DIGESTS:
            raise ApiError(
                "InvalidRequest", f"The algorithm type you specified in {name} header is invalid."
            )
        _compare(name, incoming.headers[name], _DIGESTS[algorithm](incoming.body), "InvalidRequest")
    return incoming


def _compare(name: str, sent: str, digest: bytes, malformed: str) -> None:
    try:
        given = base64.b64decode(sent, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ApiError(malformed, f"Value for {name} header is invalid.") from error
    if len(given) != len(digest):
        raise ApiError(malformed, f"Value for {name} header is invalid.")
    if given != digest:
        what = name.removeprefix(_BEGINS).upper()
        raise ApiError(
            "BadDigest",
            f"The {what} you specified did not match the calculated checksum."
            if name.startswith(_BEGINS)
            else "The Content-MD5 you specified did not match what we received.",
        )
