"""The `aws-chunked` encoding of S3 uploads: chunks with or without signatures, and trailers.

Decodes a body, verifies every chunk's signature where the payload is signed that way, and returns
the trailers, which the caller treats as headers.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from landrail.localaws.gateway.callers.signature import Signed, sign

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
KINDS = frozenset({SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER})
_EMPTY = hashlib.sha256(b"").hexdigest()
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")
_TRAILER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([!-~]+)[ \t]*")
_SIGNATURE_NAME = "x-amz-trailer-signature"


class BadChunk(Exception):
    """A chunk that is malformed or whose signature does not match."""


class CutShort(BadChunk):
    """A body that ends before its last chunk does."""


class BadTrailer(BadChunk):
    """Trailing data that is no trailer, or whose signature does not match."""


def decode(body: bytes, kind: str, signed: Signed, key: bytes) -> tuple[bytes, dict[str, str]]:
    """Return the decoded body and the trailers (names in lower case)."""
    chunks: list[bytes] = []
    previous, position = signed.signature, 0
    while True:
        line, position = _line(body, position)
        size_text, _, extension = line.partition(b";")
        if not _SIZE.fullmatch(size_text):
            raise BadChunk("a chunk begins without its size")
        size = int(size_text, 16)
        data = body[position : position + size]
        if len(data) != size:
            raise CutShort("the last chunk is cut short")
        position += size
        if kind != UNSIGNED_TRAILER:
            previous = _verify(data, extension, previous, signed, key)
        elif extension:
            raise BadChunk("a chunk has a signature in a body without them")
        if size == 0:
            break
        if body[position : position + 2] != b"\r\n":
            raise BadChunk("a chunk does not end where it says")
        position += 2
        chunks.append(data)
    trailers = _trailers(body[position:], kind)
    if kind == SIGNED_TRAILER:
        _verify_trailers(trailers, previous, signed, key)
    return b"".join(chunks), trailers


def _line(body: bytes, position: int) -> tuple[bytes, int]:
    end = body.find(b"\r\n", position)
    if end < 0:
        raise CutShort("a chunk has no header")
    return body[position:end], end + 2


def _verify(data: bytes, extension: bytes, previous: str, signed: Signed, key: bytes) -> str:
    name, _, signature = extension.decode("ascii", "replace").partition("=")
    text = (
        f"AWS4-HMAC-SHA256-PAYLOAD\n{signed.timestamp}\n{signed.scope}\n{previous}\n"
        f"{_EMPTY}\n{hashlib.sha256(data).hexdigest()}"
    )
    wanted = sign(key, text)
    if name != "chunk-signature" or not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise BadChunk("the signature of a chunk does not match")
    return wanted


def _trailers(rest: bytes, kind: str) -> dict[str, str]:
    """The trailers, each on a line of its own, up to an empty line and nothing after it."""
    lines = rest.split(b"\r\n")
    while lines and not lines[-1]:
        lines.pop()
    trailers: dict[str, str] = {}
    for line in lines:
        # Some clients end a trailer's line with a line feed before the carriage return.
        match = _TRAILER.fullmatch(line.removesuffix(b"\n"))
        name = match[1].decode().lower() if match else ""
        if match is None or name in trailers or kind == SIGNED:
            raise BadTrailer("the trailing data is not well-formed")
        trailers[name] = match[2].decode()
    return trailers


def _verify_trailers(trailers: dict[str, str], previous: str, signed: Signed, key: bytes) -> None:
    signature = trailers.pop(_SIGNATURE_NAME, "")
    text = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
    wanted = sign(
        key,
        f"AWS4-HMAC-SHA256-TRAILER\n{signed.timestamp}\n{signed.scope}\n{previous}\n"
        f"{hashlib.sha256(text.encode()).hexdigest()}",
    )
    if not hmac.compare_digest(wanted.encode(), signature.encode()):
        raise BadTrailer("the signature of the trailers does not match")
