"""Tokens of an OpenID Connect issuer: JSON web tokens signed with RS256.

The keys lie in the state folder: those of the stand-in issuer in `identity/jwks.json`, those of any
other in `identity/issuers/HOST.json`, a key set put there by the user. A key is good for the tokens
of its own issuer alone. As on AWS, a token may be used again until it expires.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from landrail.localaws.api import ApiError

_LEEWAY = 60
_CLAIMS = "https://aws.amazon.com"
STAND_IN = "identity.landrail.local"


@dataclass(frozen=True, slots=True)
class WebIdentity:
    """What a verified token says: `issuer` without `https://`, as IAM names its provider."""

    issuer: str
    subject: str
    audience: str
    amr: tuple[str, ...]
    tags: Mapping[str, str] = field(default_factory=dict)
    transitive: tuple[str, ...] = ()
    source_identity: str | None = None


def verify(token: str, folder: Path, now: float | None = None) -> WebIdentity:
    """Return what a token says, by the keys in the folder; raises ApiError in the words of STS."""
    header, claims, signed, signature = _split(token)
    if header.get("alg") != "RS256" or "crit" in header:
        raise _invalid("The token is not signed with RS256")
    issuer, audience = claims.get("iss"), claims.get("aud")
    if not isinstance(issuer, str) or not issuer.startswith("https://"):
        raise _invalid("Missing a required claim: iss")
    bare = issuer.removeprefix("https://").rstrip("/")
    key = _key(_keys_of(folder, bare), header.get("kid"))
    try:
        key.verify(signature, signed, PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise _invalid("The signature of the token does not match") from error
    _check_times(claims, time.time() if now is None else now)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise _invalid("Missing a required claim: sub")
    audiences = audience if isinstance(audience, list) else [audience]
    if len(audiences) != 1 or not isinstance(audiences[0], str) or not audiences[0]:
        raise _invalid("The token must have exactly one audience")
    amr = claims.get("amr", [])
    return WebIdentity(
        bare,
        subject,
        audiences[0],
        tuple(str(item) for item in (amr if isinstance(amr, list) else [amr])),
        *_session_of(claims),
    )


def _session_of(claims: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...], str | None]:
    """The session tags, which of them are transitive, and the source identity: AWS's own claims."""
    told = claims.get(f"{_CLAIMS}/tags", {})
    source = claims.get(f"{_CLAIMS}/source_identity")
    named = told.get("principal_tags", {}) if isinstance(told, dict) else None
    transitive = told.get("transitive_tag_keys", []) if isinstance(told, dict) else None
    if not isinstance(named, dict) or not isinstance(transitive, list):
        raise _invalid("The claim for session tags is not well-formed")
    tags = {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in named.items()
    }
    texts = (*tags.values(), *transitive, "" if source is None else source)
    if not all(isinstance(text, str) for text in texts):
        raise _invalid("The claims for session tags and source identity must be texts")
    return tags, tuple(transitive), source


def _keys_of(folder: Path, issuer: str) -> Path:
    if issuer == STAND_IN:
        return folder / "jwks.json"
    return folder / "issuers" / f"{quote(issuer, safe='')}.json"


def _split(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any], bytes, bytes]:
    try:
        head, body, tail = token.split(".")
        header, claims = json.loads(_decode(head)), json.loads(_decode(body))
        signature = _decode(tail)
    except (ValueError, RecursionError) as error:
        raise _invalid("The ID Token provided is not a valid JWT") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _invalid("The ID Token provided is not a valid JWT")
    return header, claims, f"{head}.{body}".encode(), signature


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _key(jwks: Path, kid: object) -> Any:
    try:
        keys = json.loads(jwks.read_text())["keys"] if jwks.is_file() else []
        for key in keys:
            if key.get("kid") == kid and key["kty"] == "RSA" and isinstance(kid, str):
                numbers = (int.from_bytes(_decode(key[part]), "big") for part in ("e", "n"))
                return RSAPublicNumbers(*numbers).public_key()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _invalid(f"The key set {jwks.name} cannot be read") from error
    raise _invalid("Couldn't retrieve verification key from your identity provider")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    times: dict[str, float] = {}
    for name in ("exp", "iat", "nbf"):
        value = claims.get(name, 0 if name == "nbf" else None)
        # True is a number to Python, and NaN is not less than anything.
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
            raise _invalid(f"Missing a required claim: {name}")
        times[name] = float(value)
    if now >= times["exp"]:
        raise ApiError("ExpiredTokenException", "Token expired: current date is after exp", 400)
    if now < max(times["iat"], times["nbf"]) - _LEEWAY:
        raise _invalid("The token is not valid yet")


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidIdentityToken", message, 400)
