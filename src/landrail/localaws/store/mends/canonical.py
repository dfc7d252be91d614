"""The canonical user id of an account: how access control lists and bucket policies may name it."""

from __future__ import annotations

import hashlib
from functools import lru_cache

MOTOS = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
"""What moto puts for the owner of every bucket and object."""


@lru_cache(maxsize=4096)
def canonical_id(account: str) -> str:
    """Return an account's canonical user id, the same for ever."""
    return hashlib.sha256(f"canonical user of {account}".encode()).hexdigest()
