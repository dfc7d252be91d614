"""Files of the state folder for its owner alone: secrets, and keys that sign.

A file is there whole or not at all, also after a power cut.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only its owner can read, in a folder that is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)


def rsa_key(path: Path) -> rsa.RSAPrivateKey:
    """Return the RSA key that a file holds, made where there is none; raises ValueError for a
    file that holds something else."""
    if not path.exists():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        write_private(
            path,
            made.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
        )
        return made
    loaded = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(loaded, rsa.RSAPrivateKey):
        raise ValueError(f"{path} holds no RSA key")
    return loaded
