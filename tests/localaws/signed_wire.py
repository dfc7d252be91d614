"""Signed requests as bytes: a signer of the tests' own, so that each part can be set wrongly.

Written from the IAM User Guide, "Create a signed AWS API request", and S3's "Signature calculations
for the authorization header: transferring a payload in multiple chunks"; nothing here is shared
with what verifies it.
"""

from __future__ import annotations

import hashlib
import hmac
import socket
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlsplit

EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Key:
    """An access key; `token` for temporary ones."""

    access: str
    secret: str
    token: str | None = None


@dataclass(frozen=True)
class Call:
    """A request before it is signed. `path` is encoded as it is sent, `query` is not; `headers`
    are signed, `loose` ones are not."""

    service: str
    method: str = "GET"
    path: str = "/"
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    region: str = "eu-west-1"
    loose: Mapping[str, str] = field(default_factory=dict)
    payload: str | None = None
    """What to say as the payload's hash, instead of the hash."""

    def with_(self, **changes: object) -> Call:
        """The same with some parts changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # of the caller's fields


@dataclass(frozen=True)
class Reply:
    """An answer from the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode(errors="replace")


@dataclass(frozen=True)
class Wire:
    """A request as it is sent."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    signature: str = ""
    scope: str = ""
    stamp: str = ""

    def raw(self) -> bytes:
        """Its bytes, without a connection header."""
        lines = [f"{self.method} {self.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        return "\r\n".join((*lines, "", "")).encode("latin-1") + self.body

    def with_headers(self, *more: tuple[str, str]) -> Wire:
        """The same with headers that nobody signed."""
        return replace(self, headers=self.headers + more)

    def without(self, *names: str) -> Wire:
        """The same without some headers."""
        dropped = {name.lower() for name in names}
        kept = tuple(item for item in self.headers if item[0].lower() not in dropped)
        return replace(self, headers=kept)


def stamp(at: float | None = None) -> str:
    """A time as signatures have it."""
    return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() if at is None else at))


def signing_key(key: Key, scope: str) -> bytes:
    """The key of a scope."""
    made = f"AWS4{key.secret}".encode()
    for part in scope.split("/"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("latin-1"), hashlib.sha256).hexdigest()


def _query(pairs: Iterable[tuple[str, str]]) -> str:
    encoded = sorted((quote(n, safe="-_.~"), quote(v, safe="-_.~")) for n, v in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def _signature(
    call: Call, key: Key, host: str, query: str, headers: Mapping[str, str], hashed: str, when: str
) -> tuple[str, str]:
    scope = f"{when[:8]}/{call.region}/{call.service}/aws4_request"
    path = call.path if call.service == "s3" else quote(call.path, safe="/~")
    values = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    values["host"] = host
    names = sorted(values)
    canonical = "\n".join(
        (
            call.method,
            path,
            query,
            *(f"{name}:{values[name]}" for name in names),
            "",
            ";".join(names),
            hashed,
        )
    )
    digest = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{when}\n{scope}\n{digest}"
    return _mac(signing_key(key, scope), text), scope


def signed(
    call: Call, key: Key, endpoint: str, at: float | None = None, *, dated: bool = True
) -> Wire:
    """The call signed in a header; `dated` says whether with one of its own for the time."""
    host, when = urlsplit(endpoint).netloc, stamp(at)
    hashed = call.payload or hashlib.sha256(call.body).hexdigest()
    headers = {**call.headers, "X-Amz-Date": when} if dated else dict(call.headers)
    if call.service == "s3":
        headers["X-Amz-Content-Sha256"] = hashed
    if key.token is not None:
        headers["X-Amz-Security-Token"] = key.token
    query = _query(call.query)
    signature, scope = _signature(call, key, host, query, headers, hashed, when)
    names = ";".join(sorted([*(name.lower() for name in headers), "host"]))
    authorization = (
        f"AWS4-HMAC-SHA256 Credential={key.access}/{scope}, SignedHeaders={names}, "
        f"Signature={signature}"
    )
    sent = (
        ("Host", host),
        *headers.items(),
        ("Authorization", authorization),
        *call.loose.items(),
        ("Content-Length", str(len(call.body))),
    )
    target = call.path + (f"?{query}" if query else "")
    return Wire(call.method, target, sent, call.body, signature, scope, when)


def presigned(
    call: Call,
    key: Key,
    endpoint: str,
    expires: int | str | None = 300,
    at: float | None = None,
    **other: str,
) -> Wire:
    """The call signed in its URL; `other` replaces parameters of the signature's own, by their
    names without `X-Amz-`."""
    host, when = urlsplit(endpoint).netloc, stamp(at)
    scope = f"{when[:8]}/{call.region}/{call.service}/aws4_request"
    own = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{key.access}/{scope}",
        "X-Amz-Date": when,
        "X-Amz-SignedHeaders": ";".join(sorted(["host", *(n.lower() for n in call.headers)])),
    }
    if expires is not None:
        own["X-Amz-Expires"] = str(expires)
    if key.token is not None:
        own["X-Amz-Security-Token"] = key.token
    own |= {f"X-Amz-{name}": value for name, value in other.items()}
    query = _query((*call.query, *own.items()))
    plain = "UNSIGNED-PAYLOAD" if call.service == "s3" else hashlib.sha256(call.body).hexdigest()
    signature, _ = _signature(call, key, host, query, call.headers, call.payload or plain, when)
    sent = (("Host", host), *call.headers.items(), *call.loose.items())
    if call.body or call.method in ("PUT", "POST"):
        sent += (("Content-Length", str(len(call.body))),)
    target = f"{call.path}?{query}&X-Amz-Signature={signature}"
    return Wire(call.method, target, sent, call.body, signature, scope, when)


def chunked(
    call: Call,
    key: Key,
    endpoint: str,
    *,
    kind: str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
    size: int = 16,
    trailers: Mapping[str, str] | None = None,
    named: str | None = None,
) -> Wire:
    """The call with its body in `aws-chunked` pieces, signed or not, with trailers or without."""
    trailers = trailers or {}
    headers = {
        **call.headers,
        "Content-Encoding": "aws-chunked",
        "X-Amz-Decoded-Content-Length": str(len(call.body)),
    }
    if trailers or named is not None:
        headers["X-Amz-Trailer"] = named if named is not None else ",".join(trailers)
    head = signed(replace(call, headers=headers, payload=kind), key, endpoint)
    secret, previous, body = signing_key(key, head.scope), head.signature, b""
    pieces = [call.body[i : i + size] for i in range(0, len(call.body), size)]
    for piece in (*pieces, b""):
        line = f"{len(piece):x}"
        if kind != "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
            previous = _mac(
                secret,
                f"AWS4-HMAC-SHA256-PAYLOAD\n{head.stamp}\n{head.scope}\n{previous}\n{EMPTY}\n"
                f"{hashlib.sha256(piece).hexdigest()}",
            )
            line += f";chunk-signature={previous}"
        body += line.encode() + b"\r\n" + piece + (b"\r\n" if piece else b"")
    for name, value in trailers.items():
        body += f"{name}:{value}\r\n".encode()
    if kind == "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER":
        text = "".join(f"{name}:{value}\n" for name, value in sorted(trailers.items()))
        mark = _mac(
            secret,
            f"AWS4-HMAC-SHA256-TRAILER\n{head.stamp}\n{head.scope}\n{previous}\n"
            f"{hashlib.sha256(text.encode()).hexdigest()}",
        )
        body += f"x-amz-trailer-signature:{mark}\r\n".encode()
    body += b"\r\n"
    sent = tuple((n, str(len(body)) if n == "Content-Length" else v) for n, v in head.headers)
    return replace(head, headers=sent, body=body)


def exchange(endpoint: str, raw: bytes, *, half: bool = False, timeout: float = 20) -> list[Reply]:
    """Send bytes and return every answer that comes until the server hangs up. `half` closes our
    side once they are sent, as a client does that has nothing more to say."""
    place = urlsplit(endpoint)
    with socket.create_connection((place.hostname, place.port), timeout=timeout) as connection:
        try:
            connection.sendall(raw)
            if half:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # It may have hung up before it heard all of it; what it said still counts.
        got = b""
        try:
            while piece := connection.recv(1 << 16):
                got += piece
        except ConnectionResetError:
            pass
    return list(_replies(got))


def send(endpoint: str, wire: Wire | bytes) -> Reply:
    """Send one request on a connection of its own and return its answer."""
    if isinstance(wire, Wire):
        wire = wire.with_headers(("Connection", "close")).raw()
    replies = exchange(endpoint, wire, half=True)
    assert replies, wire[:200]
    return replies[0]


def _replies(got: bytes) -> Iterable[Reply]:
    while got:
        head, found, rest = got.partition(b"\r\n\r\n")
        assert found, got[:200]
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split(" ")[1])
        headers = {n.lower(): v.strip() for n, _, v in (line.partition(":") for line in lines)}
        if status == 100:
            got = rest
            continue
        if "content-length" in headers:
            length = int(headers["content-length"])
            body, got = rest[:length], rest[length:]
        else:
            body, got = rest, b""
        yield Reply(status, headers, body)
