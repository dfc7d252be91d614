"""Who makes a call: from a request and its signature to a `Caller`, or a refusal.

The answer depends on the keys in the store and on nothing that the request claims of itself.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from landrail.localaws.api import Caller
from landrail.localaws.gateway.callers import chunks, legacy, signature
from landrail.localaws.gateway.callers.legacy import OldUrl
from landrail.localaws.gateway.callers.signature import Signed
from landrail.localaws.gateway.faults import Refusal
from landrail.localaws.gateway.wire import checksums
from landrail.localaws.store import CredentialStore, Incoming, access_key, stands

_SKEW = 15 * 60
_LONGEST_PRESIGNED = 7 * 24 * 3600
_SHA256 = re.compile(r"[0-9A-Fa-f]{64}")
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
        if not stands(found.caller):
            raise Refused(Refusal.UNKNOWN_KEY)
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
            Refusal.NOT_SIGNED,
            "There were headers present in the request which were not signed: "
            + ", ".join(missing),
        )
    if signed.service == "s3":
        _check_declared(signed, incoming)
    expected = signature.expected(signed, incoming, key.secret)
    if not hmac.compare_digest(expected.encode(), signed.signature.encode()):
        raise Refused(Refusal.SIGNATURE)
    plain = _decoded(incoming, signed, key.secret)
    return Authentic(key.caller, signature.as_signed(signed, plain))


def _check_declared(signed: Signed, incoming: Incoming) -> None:
    """S3 asks what the hash of the payload is before it computes anything."""
    declared = signature.declared_hash(signed, incoming)
    if declared is None:
        if not signed.presigned:
            raise Refused(Refusal.NO_HASH)
    elif declared not in (signature.UNSIGNED, *chunks.KINDS) and not _SHA256.fullmatch(declared):
        raise Refused(Refusal.BAD_HASH)


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
        raise Refused(Refusal.LATE)
    return Authentic(key.caller, checksums.checked(incoming))


def _check_token(key: Key, token: str | None) -> None:
    if key.token is None:
        if token is not None:
            raise Refused(Refusal.BAD_TOKEN)
    elif token is None:
        raise Refused(Refusal.UNKNOWN_KEY)
    elif not hmac.compare_digest(key.token.encode(), token.encode()):
        raise Refused(Refusal.BAD_TOKEN)


def _check_time(signed: Signed, now: float) -> None:
    at = signed.signed_at
    if signed.timestamp[:8] != signed.date:
        raise Refused(
            Refusal.SIGNATURE,
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
            f"HTTP: '{signed.date}' != '{signed.timestamp[:8]}', from '{signed.timestamp}'.",
        )
    lasts = _SKEW
    if signed.presigned:
        lasts = _lifetime(signed)
    if now > at + lasts:
        kind = Refusal.LATE if signed.presigned else Refusal.SKEWED
        raise Refused(kind, _too_far("expired", "earlier", signed, now, lasts))
    if at - now > _SKEW:
        kind = Refusal.EARLY if signed.presigned else Refusal.SKEWED
        raise Refused(kind, _too_far("not yet current", "later", signed, now, -_SKEW))


def _lifetime(signed: Signed) -> int:
    """How long a presigned URL lives; raises Refused for what AWS does not take."""
    seconds = signed.expires or 0
    if seconds < 0:
        raise Refused(Refusal.QUERY, "X-Amz-Expires must be non-negative")
    if seconds > _LONGEST_PRESIGNED:
        raise Refused(
            Refusal.QUERY,
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
            f"must be less than {_LONGEST_PRESIGNED} seconds",
        )
    return seconds


def _too_far(what: str, than: str, signed: Signed, now: float, lasts: int) -> str:
    here = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    bound = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now - lasts))
    sign = "-" if lasts > 0 else "+"
    return (
        f"Signature {what}: {signed.timestamp} is {'now' if lasts > 0 else 'still'} {than} than "
        f"{bound} ({here} {sign} {abs(lasts) // 60} min.)"
    )


def _decoded(incoming: Incoming, signed: Signed, secret: str) -> Incoming:
    declared = signature.declared_hash(signed, incoming)
    if declared in chunks.KINDS:
        if signed.service != "s3":
            raise Refused(Refusal.SIGNATURE, "only S3 takes a payload in chunks")
        return _unchunked(incoming, str(declared), signed, secret)
    if declared == signature.UNSIGNED:
        if signed.service != "s3":
            raise Refused(Refusal.SIGNATURE, "only S3 takes an unsigned payload")
    elif declared is not None:
        actual = hashlib.sha256(incoming.body).hexdigest()
        if not hmac.compare_digest(actual.encode(), declared.lower().encode()):
            raise Refused(Refusal.HASH)
    return checksums.checked(incoming) if signed.service == "s3" else incoming


def _unchunked(incoming: Incoming, kind: str, signed: Signed, secret: str) -> Incoming:
    length = incoming.headers.get("x-amz-decoded-content-length")
    if length is None:
        raise Refused(Refusal.NO_LENGTH)
    key = signature.signing_key(secret, signed)
    named = _named_trailers(incoming)
    try:
        body, trailers = chunks.decode(incoming.body, kind, signed, key)
    except chunks.BadTrailer as error:
        raise Refused(Refusal.TRAILER) from error
    except chunks.CutShort as error:
        raise Refused(Refusal.SHORT) from error
    except chunks.BadChunk as error:
        raise Refused(Refusal.SIGNATURE, f"aws-chunked body: {error}") from error
    if length != str(len(body)):
        raise Refused(Refusal.SHORT)
    if trailers.keys() != named:
        raise Refused(Refusal.TRAILER)
    return checksums.checked(replace(incoming, headers=_plain(incoming, trailers, body), body=body))


def _named_trailers(incoming: Incoming) -> set[str]:
    named = incoming.headers.get("x-amz-trailer", "").split(",")
    return {name.strip().lower() for name in named if name.strip()}


def _plain(incoming: Incoming, trailers: dict[str, str], body: bytes) -> dict[str, str]:
    """The headers as they would be had the body been sent whole."""
    dropped = {"x-amz-content-sha256", "x-amz-decoded-content-length", "x-amz-trailer", "trailer"}
    headers = {k: v for k, v in incoming.headers.items() if k not in dropped}
    codings = [c.strip() for c in headers.pop("content-encoding", "").split(",")]
    kept = [c for c in codings if c and c != "aws-chunked"]
    if kept:
        headers["content-encoding"] = ",".join(kept)
    headers |= trailers
    headers["content-length"] = str(len(body))
    return headers
