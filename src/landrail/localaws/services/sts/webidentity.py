"""Tokens of an OpenID Connect issuer: JSON web tokens signed with RS256.

The only keys at hand are those of the stand-in issuer, in the state folder; a token of any other
issuer cannot be verified and is refused.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

from landrail.localaws.api import ApiError

_LEEWAY = 60


@dataclass(frozen=True, slots=True)
class WebIdentity:
    """What a verified token says: `issuer` without `https://`, as IAM names its provider."""

    issuer: str
    subject: str
    audience: str
    amr: tuple[str, ...]


def verify(token: str, jwks: Path, now: float | None = None) -> WebIdentity:
    """Return what a token says; raises ApiError in the words of STS."""
    header, claims, signed, signature = _split(token)
    if header.get("alg") != "RS256":
        raise _invalid("The token is not signed with RS256")
    key = _key(jwks, str(header.get("kid")))
    try:
        key.verify(signature, signed, PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise _invalid("The signature of the token does not match") from error
    _check_times(claims, time.time() if now is None else now)
    issuer, audience = str(claims.get("iss", "")), claims.get("aud")
    if not issuer.startswith("https://") or not claims.get("sub"):
        raise _invalid("Missing a required claim: iss, sub")
    audiences = audience if isinstance(audience, list) else [audience]
    if len(audiences) != 1 or not audiences[0]:
        raise _invalid("The token must have exactly one audience")
    amr = claims.get("amr", [])
    return WebIdentity(
        issuer.removeprefix("https://").rstrip("/"),
        str(claims["sub"]),
        str(audiences[0]),
        tuple(str(item) for item in (amr if isinstance(amr, list) else [amr])),
    )


def _split(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any], bytes, bytes]:
    try:
        head, body, tail = token.split(".")
        header, claims = json.loads(_decode(head)), json.loads(_decode(body))
        signature = _decode(tail)
    except ValueError as error:
        raise _invalid("The ID Token provided is not a valid JWT") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _invalid("The ID Token provided is not a valid JWT")
    return header, claims, f"{head}.{body}".encode(), signature


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _key(jwks: Path, kid: str) -> Any:
    keys = json.loads(jwks.read_text())["keys"] if jwks.is_file() else []
    for key in keys:
        if key["kid"] == kid and key["kty"] == "RSA":
            numbers = (int.from_bytes(_decode(key[part]), "big") for part in ("e", "n"))
            return RSAPublicNumbers(*numbers).public_key()
    raise _invalid("Couldn't retrieve verification key from your identity provider")


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    try:
        expires, issued = float(claims["exp"]), float(claims["iat"])
        not_before = float(claims.get("nbf", issued))
    except (KeyError, TypeError, ValueError) as error:
        raise _invalid("Missing a required claim: exp, iat") from error
    if now > expires:
        raise ApiError("ExpiredTokenException", "Token expired: current date is after exp", 400)
    if now < min(issued, not_before) - _LEEWAY:
        raise _invalid("The token is not valid yet")


def _invalid(message: str) -> ApiError:
    return ApiError("InvalidIdentityToken", message, 400)
