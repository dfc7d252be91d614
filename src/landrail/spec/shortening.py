"""Names cut to a service's limit: stable, and apart as long as the whole names are.

A name that fits stands as it is. One that does not is cut and ends in a digest of the whole, so
that two long names never meet.
"""

from __future__ import annotations

from hashlib import sha256

ACCOUNT = 50
"""The longest name of an account."""
_DIGEST = 8


def shorten(text: str, limit: int) -> str:
    """Return `text`, or where it is longer than `limit` its beginning and a digest of the whole."""
    if len(text) <= limit:
        return text
    return f"{text[: limit - _DIGEST - 1].rstrip('-.')}-{digest(text)}"


def digest(text: str) -> str:
    """Return the short digest that names are told apart by."""
    return sha256(text.encode()).hexdigest()[:_DIGEST]
