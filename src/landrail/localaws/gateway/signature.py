"""AWS Signature Version 4, from the server's side: what was signed, and is it this request?

Header and presigned form. Every `x-amz-*` header must have been signed, so that nobody between
client and server can add one. No credentials are looked up here and no clock is read.
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, unquote

from landrail.localaws.store import Incoming

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"


class Malformed(Exception):
    """The request carries something that looks like a signature and is none."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request says of its own signature."""

    access_key_id: str
    date: str
    region: str
    service: str
    timestamp: str
    headers: tuple[str, ...]
    signature: str
    token: str | None
    presigned: bool
    expires: int | None

    @property
    def scope(self) -> str:
        """The credential scope."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"

    @property
    def signed_at(self) -> float:
        """When it was signed, in seconds since the epoch."""
        try:
            moment = datetime.strptime(self.timestamp, "%Y%m%dT%H%M%SZ")
        except ValueError as error:
            raise Malformed(f"`{self.timestamp}` is not a date of the form 20060102T150405Z") from (
                error
            )
        return moment.replace(tzinfo=UTC).timestamp()


def find(incoming: Incoming) -> Signed | None:
    """Return what the request says of its signature, None for one that is not signed."""
    header = incoming.headers.get("authorization", "")
    if header.startswith(ALGORITHM):
        return _from_header(header, incoming)
    query = dict(_pairs(incoming.query))
    if query.get("X-Amz-Algorithm") == ALGORITHM:
        return _from_query(query)
    if header.startswith("AWS ") or "X-Amz-Algorithm" in query:
        raise Malformed("only AWS4-HMAC-SHA256 signatures are accepted")
    return None


def _from_header(header: str, incoming: Incoming) -> Signed:
    parts = {}
    for item in header[len(ALGORITHM) :].split(","):
        name, _, value = item.strip().partition("=")
        parts[name] = value
    if not {"Credential", "SignedHeaders", "Signature"} <= parts.keys():
        raise Malformed("Authorization header requires Credential, SignedHeaders and Signature")
    key, date, region, service = _scope(parts["Credential"])
    timestamp = incoming.headers.get("x-amz-date", "")
    headers = tuple(parts["SignedHeaders"].lower().split(";"))
    token = incoming.headers.get("x-amz-security-token")
    return Signed(
        key, date, region, service, timestamp, headers, parts["Signature"], token, False, None
    )


def _from_query(query: Mapping[str, str]) -> Signed:
    try:
        key, date, region, service = _scope(query["X-Amz-Credential"])
        return Signed(
            key,
            date,
            region,
            service,
            query["X-Amz-Date"],
            tuple(query["X-Amz-SignedHeaders"].lower().split(";")),
            query["X-Amz-Signature"],
            query.get("X-Amz-Security-Token"),
            True,
            int(query.get("X-Amz-Expires", "900")),
        )
    except (KeyError, ValueError) as error:
        raise Malformed(f"a presigned URL needs {error}") from error


def _scope(credential: str) -> tuple[str, str, str, str]:
    parts = credential.split("/")
    if len(parts) != 5 or parts[4] != "aws4_request":
        raise Malformed("Credential must be KEY/DATE/REGION/SERVICE/aws4_request")
    return parts[0], parts[1], parts[2], parts[3]


def unsigned_headers(signed: Signed, incoming: Incoming) -> list[str]:
    """Return the headers that a signature must cover and this one does not."""
    needed = {"host"} | {name for name in incoming.headers if name.startswith("x-amz-")}
    return sorted(needed - set(signed.headers))


def payload_hash(signed: Signed, incoming: Incoming) -> str:
    """Return the hash (or the word for none) that the signature covers as the payload's."""
    declared = incoming.headers.get("x-amz-content-sha256")
    if declared is not None:
        return declared
    if signed.presigned and signed.service == "s3":
        return UNSIGNED
    return hashlib.sha256(incoming.body).hexdigest()


def expected(signed: Signed, incoming: Incoming, secret: str) -> str:
    """Return the signature that the holder of `secret` would have made for this request."""
    canonical = "\n".join(
        (
            incoming.method,
            _canonical_path(signed.service, incoming.path),
            _canonical_query(incoming.query),
            *(f"{name}:{_value(incoming, name)}" for name in signed.headers),
            "",
            ";".join(signed.headers),
            payload_hash(signed, incoming),
        )
    )
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{ALGORITHM}\n{signed.timestamp}\n{signed.scope}\n{digest}"
    return sign(signing_key(secret, signed), text)


def sign(key: bytes, text: str) -> str:
    """Return the hexadecimal HMAC of a string to sign."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def signing_key(secret: str, signed: Signed) -> bytes:
    """Return the key of a scope."""
    return _signing_key(secret, signed.date, signed.region, signed.service)


@lru_cache(maxsize=4096)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _value(incoming: Incoming, name: str) -> str:
    value = incoming.host if name == "host" else incoming.headers.get(name, "")
    return " ".join(value.split())


def _canonical_path(service: str, path: str) -> str:
    """S3 signs the path as it is sent; all others normalize it and encode it once more."""
    if service == "s3":
        return quote(unquote(path), safe="/~")
    normal = posixpath.normpath(path) if path else "/"
    if normal.startswith("//"):
        normal = normal[1:]
    if path.endswith("/") and not normal.endswith("/"):
        normal += "/"
    return quote(normal, safe="/~")


def _canonical_query(query: str) -> str:
    pairs = [
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in _pairs(query)
        if name != "X-Amz-Signature"
    ]
    return "&".join(f"{name}={value}" for name, value in sorted(pairs))


def _pairs(query: str) -> list[tuple[str, str]]:
    pairs = []
    for item in query.split("&") if query else ():
        name, _, value = item.partition("=")
        pairs.append((unquote(name), unquote(value)))
    return pairs
