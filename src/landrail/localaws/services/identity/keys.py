"""The issuer's signing key, in the state folder, and tokens signed with it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from landrail.localaws.private import rsa_key


class IssuerKey:
    """One RSA key; made at first use, kept with mode 0600 beside its public half."""

    def __init__(self, folder: Path) -> None:
        self._key = rsa_key(folder / "key.pem")
        numbers = self._key.public_key().public_numbers()
        modulus = _unsigned(numbers.n)
        self._kid = hashlib.sha256(modulus.encode()).hexdigest()[:16]
        self.jwks: Mapping[str, Any] = {
            "keys": [
                {
                    "kty": "RSA",
                    "use": "sig",
                    "alg": "RS256",
                    "kid": self._kid,
                    "n": modulus,
                    "e": _unsigned(numbers.e),
                }
            ]
        }
        (folder / "jwks.json").write_text(json.dumps(self.jwks))

    def token(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a signed JSON web token."""
        header = {"alg": "RS256", "typ": "JWT", "kid": self._kid}
        text = f"{_part(header)}.{_part(claims)}"
        signature = self._key.sign(text.encode(), PKCS1v15(), hashes.SHA256())
        return f"{text}.{_encode(signature)}"


def _part(value: Mapping[str, Any]) -> str:
    return _encode(json.dumps(value, separators=(",", ":")).encode())


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _unsigned(number: int) -> str:
    return _encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))
