"""The key that signs digest files, and its public half as `ListPublicKeys` gives it.

On AWS each region has keys of AWS's own; here the state folder has one, of the same kind, so that
`aws cloudtrail validate-logs` verifies what was delivered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from landrail.localaws.api import ApiCall
from landrail.localaws.private import rsa_key

_VALID = timedelta(days=3650)
ALGORITHM = "SHA256withRSA"


class SigningKey:
    """One RSA key, made when it is first needed and kept for its owner alone."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "digest-key.pem"
        self._loaded: rsa.RSAPrivateKey | None = None

    @property
    def fingerprint(self) -> str:
        """Name the key as digest files do."""
        return hashlib.md5(self._public(), usedforsecurity=False).hexdigest()

    def sign(self, text: bytes) -> str:
        """Return the signature in hexadecimal digits."""
        return self._key().sign(text, PKCS1v15(), hashes.SHA256()).hex()

    def list_public_keys(self, call: ApiCall) -> Mapping[str, Any]:
        """Return the public key (DER of PKCS #1), if it is of the time asked for."""
        if not self._path.exists():
            return {"PublicKeyList": []}
        made = datetime.fromtimestamp(self._path.stat().st_mtime, UTC) - timedelta(hours=1)
        key = {
            "Value": self._public(),
            "ValidityStartTime": made,
            "ValidityEndTime": made + _VALID,
            "Fingerprint": self.fingerprint,
        }
        last = call.params.get("EndTime")
        return {"PublicKeyList": [] if last is not None and last < made else [key]}

    def _public(self) -> bytes:
        return (
            self._key()
            .public_key()
            .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.PKCS1)
        )

    def _key(self) -> rsa.RSAPrivateKey:
        if self._loaded is None:
            self._loaded = rsa_key(self._path)
        return self._loaded
