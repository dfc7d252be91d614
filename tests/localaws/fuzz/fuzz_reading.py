"""What a request on the wire means to its signature, read a second time; and what an answer is.

Written against the standards alone, so that it agrees with the server only where both are right.
"""

from __future__ import annotations

import json
import posixpath
import re
from urllib.parse import quote, unquote_to_bytes
from xml.etree import ElementTree

from signed_wire import Reply

LEAKS = re.compile(
    r"Traceback|landrail\.local|\bmoto\b|NoneType|object has no attribute|KeyError|TypeError|"
    r"AttributeError|ValueError|IndexError|<class|werkzeug|botocore|\.py\b"
)
Meaning = tuple[object, ...]


def meaning(raw: bytes, s3: bool) -> Meaning | None:
    """All that a signature covers; None where this is no request of HTTP/1.1 as it is written."""
    head, found, rest = raw.partition(b"\r\n\r\n")
    if not found:
        return None
    first, *lines = head.split(b"\r\n")
    parts = first.split(b" ")
    if len(parts) != 3 or parts[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
        return None
    headers: dict[bytes, list[bytes]] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not re.fullmatch(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            return None
        headers.setdefault(name.lower(), []).append(value.strip(b" \t"))
    body = _body(headers, rest)
    if body is None:
        return None
    if b"aws-chunked" in b"".join(headers.get(b"content-encoding", [])):
        # What ends the last line of the trailers is nobody's.
        body = body.rstrip(b"\r\n")
    path, _, query = parts[1].partition(b"?")
    own = {k: b",".join(v) for k, v in headers.items() if _covered(k, headers, query)}
    return (
        parts[0],
        _path(path, s3),
        tuple(sorted(_pairs(query))),
        tuple(sorted((k, _value(k, v)) for k, v in own.items())),
        # A URL of S3's is for any body.
        body if b"authorization" in own or not s3 else b"",
    )


def _body(headers: dict[bytes, list[bytes]], rest: bytes) -> bytes | None:
    coding, length = headers.get(b"transfer-encoding"), headers.get(b"content-length")
    if coding is None:
        if length is None:
            return b""
        if len(length) != 1 or not re.fullmatch(rb"[0-9]+", length[0]):
            return None
        return rest[: int(length[0])] if int(length[0]) <= len(rest) else None
    if length is not None or [c.lower() for c in coding] != [b"chunked"]:
        return None
    body = b""
    while match := re.match(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\r\n", rest):
        size, rest = int(match[1], 16), rest[match.end() :]
        if size == 0:
            return body if b"\r\n" in rest else None
        if len(rest) < size + 2 or rest[size : size + 2] != b"\r\n":
            return None
        body, rest = body + rest[:size], rest[size + 2 :]
    return None


def _value(name: bytes, value: bytes) -> object:
    if name != b"authorization":
        return re.sub(rb" +", b" ", value)
    algorithm, _, rest = value.partition(b" ")
    return algorithm, sorted(part.strip(b" \t") for part in rest.split(b","))


def _covered(name: bytes, headers: dict[bytes, list[bytes]], query: bytes) -> bool:
    """Signed, or of those that may not be there unsigned."""
    if name in (b"host", b"authorization") or name.startswith(b"x-amz-"):
        return True
    text = b",".join(headers.get(b"authorization", [])) + unquote_to_bytes(query)
    match = re.search(rb"SignedHeaders=([a-z0-9;-]+)", text)
    return match is not None and name in match[1].split(b";")


def _path(path: bytes, s3: bool) -> bytes:
    if s3:
        return unquote_to_bytes(path)
    slash = path.endswith((b"/", b"/.", b"/.."))
    normal = posixpath.normpath(path.decode("latin-1")).replace("//", "/")
    return quote(normal + ("/" if slash and normal != "/" else ""), safe="/~").encode()


def _pairs(query: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    for item in query.split(b"&") if query else ():
        name, _, value = item.partition(b"=")
        found.append(
            (
                unquote_to_bytes(name.replace(b"+", b" ")),
                unquote_to_bytes(value.replace(b"+", b" ")),
            )
        )
    return found


def flaw(reply: Reply, method: str = "") -> str:
    """What is wrong with an answer; empty for one that AWS might have given."""
    if reply.status >= 500 and reply.status not in (501, 503):
        return f"status {reply.status}: {reply.text[:300]}"
    if reply.status < 400:
        return ""
    if LEAKS.search(reply.text):
        return f"leaks: {reply.text[:300]}"
    if method == "HEAD" or not reply.body:
        return "" if method == "HEAD" else f"an error without a body: {reply.status}"
    content = reply.headers.get("content-type", "")
    try:
        if "json" in content:
            found = json.loads(reply.body)
            return "" if found.get("__type") or found.get("errors") else f"no code: {found}"
        if "cbor" in content:
            return "" if reply.body.startswith(b"\xa2") and b"__type" in reply.body else "no code"
        if "xml" in content:
            code = next(ElementTree.fromstring(reply.body).iterfind(".//{*}Code"), None)
            return "" if code is not None and code.text else f"no code: {reply.text[:300]}"
    except (ValueError, ElementTree.ParseError) as error:
        return f"not well-formed ({error}): {reply.text[:300]}"
    return f"neither XML nor JSON: {content}: {reply.text[:200]}"
