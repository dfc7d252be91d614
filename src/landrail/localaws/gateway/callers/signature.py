"""AWS Signature Version 4, from the server's side: what was signed, and is it this request?

Header and presigned form. Every `x-amz-*` header must have been signed, so that nobody between
client and server can add one; and what goes on from here is the request as it was signed (`as_
signed`), so that nothing that signs alike can mean two things. No credentials are looked up here
and no clock is read. Source: IAM User Guide, "Create a signed AWS API request".
"""

from __future__ import annotations

import hashlib
import hmac
import posixpath
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

from landrail.localaws.gateway.faults import Refusal
from landrail.localaws.store import Incoming

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
_SPACES = re.compile(" +")
_UNRESERVED = "-_.~"
_OWN = "x-amz-"
# What a presigned URL says of itself; other names that begin alike stand for headers.
OF_THE_URL = frozenset(
    {
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
    }
)


class Malformed(Exception):
    """The request carries something that looks like a signature and is none; `kind` says in which
    of AWS's ways, `service` for which service it would have been, if that can be told."""

    def __init__(
        self, message: str, kind: Refusal = Refusal.INCOMPLETE, service: str | None = None
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.service = service


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
        """When it was signed, in seconds since the epoch; raises Malformed."""
        at = self.timestamp
        try:
            # Not strptime, which takes longer than the signature does.
            year, month, day = int(at[:4]), int(at[4:6]), int(at[6:8])
            hour, minute, second = int(at[9:11]), int(at[11:13]), int(at[13:15])
            moment = datetime(year, month, day, hour, minute, second, tzinfo=UTC)
        except ValueError as error:
            raise Malformed(
                "Date must be in ISO-8601 'basic format'. "
                f"Got '{self.timestamp}'. See http://en.wikipedia.org/wiki/ISO_8601",
                Refusal.QUERY if self.presigned else Refusal.INCOMPLETE,
            ) from error
        return moment.timestamp()


def unsigned_headers(signed: Signed, incoming: Incoming) -> list[str]:
    """Return the headers that a signature must cover and this one does not."""
    needed = {"host"} | {name for name in incoming.headers if name.startswith(_OWN)}
    if "x-amz-date" not in incoming.headers and not signed.presigned:
        needed.add("date")
    return sorted(needed - set(signed.headers))


def payload_hash(signed: Signed, incoming: Incoming) -> str:
    """Return the hash (or the word for none) that the signature covers as the payload's."""
    declared = declared_hash(signed, incoming)
    if declared is not None:
        return declared
    if signed.presigned and signed.service == "s3":
        return UNSIGNED
    return hashlib.sha256(incoming.body).hexdigest()


def declared_hash(signed: Signed, incoming: Incoming) -> str | None:
    """Return what the request says of its payload's hash: in a header, or in a presigned URL."""
    declared = incoming.headers.get("x-amz-content-sha256")
    if declared is None and signed.presigned and "mz-Content-Sha256=" in incoming.query:
        return dict(pairs(incoming.query)).get("X-Amz-Content-Sha256")
    return declared


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
    # Header values are text of Latin-1: the bytes as they were sent.
    digest = hashlib.sha256(canonical.encode("latin-1")).hexdigest()
    text = f"{ALGORITHM}\n{signed.timestamp}\n{signed.scope}\n{digest}"
    return sign(signing_key(secret, signed), text)


def as_signed(signed: Signed, incoming: Incoming) -> Incoming:
    """Return the request with path and query as the signature covers them, and the headers that a
    presigned URL carries among its parameters; the same object where that changes nothing."""
    query, headers = incoming.query, incoming.headers
    if query:
        items = sorted(_items(query))
        if signed.presigned:
            headers = {**_carried(items, incoming), **headers}
            items = [item for item in items if not item[0].lower().startswith(_OWN)]
        query = "&".join(name if bare else f"{name}={value}" for name, value, bare in items)
    if query != incoming.query:
        incoming = replace(incoming, query=query, headers=headers)
    return with_signed_path(signed, incoming)


def with_signed_path(signed: Signed, incoming: Incoming) -> Incoming:
    """Return the request with its path as the signature covers it."""
    path = signed_path(signed.service, incoming.path)
    return incoming if path == incoming.path else replace(incoming, path=path)


def _carried(items: list[tuple[str, str, bool]], incoming: Incoming) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value, _ in items:
        lower = name.lower()
        if not lower.startswith(_OWN) or name in OF_THE_URL:
            continue
        text = unquote_to_bytes(value).decode("latin-1")
        if found.setdefault(lower, text) != text or incoming.headers.get(lower, text) != text:
            raise Malformed(f"{name} is there with two values", Refusal.QUERY)
        if not text.isprintable():
            raise Malformed(f"{name} is no value of a header", Refusal.QUERY)
    return found


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
    return _SPACES.sub(" ", value.strip(" "))


def signed_path(service: str, path: str) -> str:
    """Return the path that a signature covers, in the form in which it is sent. S3 takes it as it
    is; for all others it is normalized first."""
    if service == "s3":
        return quote(unquote_to_bytes(path), safe="/~")
    normal = posixpath.normpath(path) if path else "/"
    if normal.startswith("//"):
        normal = normal[1:]
    if path.endswith(("/", "/.", "/..")) and not normal.endswith("/"):
        normal += "/"
    return normal


def _canonical_path(service: str, path: str) -> str:
    """All but S3 encode the path once more."""
    signed = signed_path(service, path)
    return signed if service == "s3" else quote(signed, safe="/~")


def _canonical_query(query: str) -> str:
    items = [item for item in _items(query) if item[0] != "X-Amz-Signature"]
    return "&".join(f"{name}={value}" for name, value, _ in sorted(items))


def _items(query: str) -> list[tuple[str, str, bool]]:
    """The parameters, encoded as signatures have them, and whether they came without a sign of
    equality. A plus is a space, as it is for whoever reads the query after this."""
    items = []
    for item in query.split("&") if query else ():
        name, equals, value = item.partition("=")
        items.append((_encoded(name), _encoded(value), not equals))
    return items


def _encoded(text: str) -> str:
    return quote(unquote_to_bytes(text.replace("+", " ")), safe=_UNRESERVED)


def pairs(query: str) -> list[tuple[str, str]]:
    """Return the parameters of a query, decoded; bytes that are no text are kept as Latin-1."""
    found = []
    for item in query.split("&") if query else ():
        name, _, value = item.partition("=")
        found.append((_decoded(name), _decoded(value)))
    return found


def _decoded(text: str) -> str:
    raw = unquote_to_bytes(text.replace("+", " "))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
