"""Who makes a call: from a request and its signature to a `Caller`, or a refusal.

The answer depends on the keys in the store and on nothing that the request claims of itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from landrail.localaws.api import ApiError, Caller
from landrail.localaws.gateway import chunks, legacy, signature
from landrail.localaws.gateway.faults import Refusal
from landrail.localaws.gateway.legacy import OldUrl
from landrail.localaws.gateway.signature import Malformed, Signed
from landrail.localaws.store import CredentialStore, Incoming, access_key

_SKEW = 15 * 60
_LONGEST_PRESIGNED = 7 * 24 * 3600
ANONYMOUS = Caller(kind="anonymous", arn="anonymous", account=None, user_id="anonymous")


class Refused(Exception):
    """A request that is turned away; the gateway puts it into the words of its protocol."""

    def __init__(self, kind: Refusal, message: str = "") -> None:
        super().__init__(message or kind.value)
        self.kind = kind
        self.message = message


@dataclass(frozen=True, slots=True)
class Authentic:
    """An authenticated request: who made it, and its body as the caller meant it."""

    caller: Caller
    incoming: Incoming


@dataclass(frozen=True, slots=True)
class Key:
    """What stands behind an access key id; `token` and `expiration` for temporary ones."""

    caller: Caller
    secret: str
    token: str | None = None
    expiration: float | None = None


def lookup(access_key_id: str, credentials: CredentialStore) -> Key:
    """Find a key; raises Refused for one that is unknown, inactive or expired."""
    if access_key_id.startswith("ASIA"):
        found = credentials.find(access_key_id)
        if found is None:
            raise Refused(Refusal.UNKNOWN_KEY)
        if found.expiration <= time.time():
            raise Refused(Refusal.EXPIRED)
        return Key(found.caller, found.secret_access_key, found.session_token, found.expiration)
    key = access_key(access_key_id)
    if key is None or not key.active:
        raise Refused(Refusal.UNKNOWN_KEY)
    caller = Caller(
        kind="user",
        arn=key.user_arn,
        account=key.account,
        user_id=key.user_id,
        access_key_id=access_key_id,
    )
    return Key(caller, key.secret)


def authenticate(
    incoming: Incoming, signed: Signed, credentials: CredentialStore, now: Callable[[], float]
) -> Authentic:
    """Verify the signature; return the caller and the decoded request; raises Refused."""
    key = lookup(signed.access_key_id, credentials)
    _check_token(key, signed.token)
    _check_time(signed, now())
    missing = signature.unsigned_headers(signed, incoming)
    if missing:
        raise Refused(
            Refusal.SIGNATURE,
            "There were headers present in the request which were not signed: "
            + ", ".join(missing),
        )
    expected = signature.expected(signed, incoming, key.secret)
    if not hmac.compare_digest(expected.encode(), signed.signature.encode()):
        raise Refused(Refusal.SIGNATURE)
    return Authentic(key.caller, _decoded(incoming, signed, key.secret))


def authenticate_old(
    incoming: Incoming, url: OldUrl, credentials: CredentialStore, now: Callable[[], float]
) -> Authentic:
    """Verify an S3 URL presigned in the old form; raises Refused."""
    key = lookup(url.access_key_id, credentials)
    _check_token(key, url.token)
    given = url.signature.encode()
    expected = legacy.expected(url, incoming, key.secret)
    if not any(hmac.compare_digest(one.encode(), given) for one in expected):
        raise Refused(Refusal.SIGNATURE)
    if now() > url.expires:
        raise Refused(Refusal.DENIED, "Request has expired")
    return Authentic(key.caller, _checked(incoming))


def _check_token(key: Key, token: str | None) -> None:
    if (key.token is None) != (token is None) or (
        key.token is not None
        and not hmac.compare_digest(key.token.encode(), (token or "").encode())
    ):
        raise Refused(Refusal.BAD_TOKEN)


def _check_time(signed: Signed, now: float) -> None:
    try:
        at = signed.signed_at
    except Malformed as error:
        raise Refused(Refusal.INCOMPLETE, str(error)) from error
    if signed.timestamp[:8] != signed.date:
        raise Refused(Refusal.SIGNATURE, "Date in Credential scope does not match X-Amz-Date.")
    if not signed.presigned:
        if abs(now - at) > _SKEW:
            raise Refused(Refusal.SKEWED)
        return
    if signed.expires is None or not 0 < signed.expires <= _LONGEST_PRESIGNED:
        raise Refused(Refusal.INCOMPLETE, "X-Amz-Expires must be between 1 and 604800 seconds")
    if at - now > _SKEW:
        raise Refused(Refusal.SKEWED)
    if now > at + signed.expires:
        raise Refused(Refusal.DENIED, "Request has expired")


def _decoded(incoming: Incoming, signed: Signed, secret: str) -> Incoming:
    declared = incoming.headers.get("x-amz-content-sha256")
    if declared in chunks.KINDS:
        key = signature.signing_key(secret, signed)
        try:
            body, trailers = chunks.decode(incoming.body, declared, signed, key)
        except chunks.BadChunk as error:
            raise Refused(Refusal.SIGNATURE, f"aws-chunked body: {error}") from error
        length = incoming.headers.get("x-amz-decoded-content-length", str(len(body)))
        if length != str(len(body)):
            raise Refused(Refusal.SIGNATURE, "the body has not its x-amz-decoded-content-length")
        return _checked(replace(incoming, headers=_plain(incoming, trailers, body), body=body))
    if declared == signature.UNSIGNED:
        if signed.service != "s3":
            raise Refused(Refusal.SIGNATURE, "only S3 takes an unsigned payload")
    elif declared is not None:
        actual = hashlib.sha256(incoming.body).hexdigest()
        if not hmac.compare_digest(actual.encode(), declared.lower().encode()):
            raise Refused(
                Refusal.SIGNATURE,
                "The provided 'x-amz-content-sha256' header does not match what was computed.",
            )
    return _checked(incoming) if signed.service == "s3" else incoming


def _plain(incoming: Incoming, trailers: dict[str, str], body: bytes) -> dict[str, str]:
    """The headers as they would be had the body been sent whole."""
    dropped = {"x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer", "trailer"}
    headers = {k: v for k, v in incoming.headers.items() if k not in dropped}
    codings = [c.strip() for c in headers.pop("content-encoding", "").split(",")]
    kept = [c for c in codings if c and c != "aws-chunked"]
    if kept:
        headers["content-encoding"] = ",".join(kept)
    named = {t.strip().lower() for t in incoming.headers.get("x-amz-trailer", "").split(",")}
    headers |= {name: value for name, value in trailers.items() if name in named}
    headers["content-length"] = str(len(body))
    return headers


_CHECKSUMS: dict[str, Callable[[bytes], bytes]] = {
    "content-md5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
    "x-amz-checksum-crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "x-amz-checksum-sha1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "x-amz-checksum-sha256": lambda body: hashlib.sha256(body).digest(),
}


def _checked(incoming: Incoming) -> Incoming:
    for name, digest in _CHECKSUMS.items():
        sent = incoming.headers.get(name)
        if sent is None or (incoming.method == "POST" and name != "content-md5"):
            continue
        if base64.b64encode(digest(incoming.body)).decode() != sent:
            raise ApiError("BadDigest", f"The {name} you specified did not match the body.")
    return incoming
