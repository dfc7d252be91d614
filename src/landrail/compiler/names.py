"""Names in AWS, made from names in the file: within each service's limit, stable, unique.

Nothing here knows what the names are for.
"""

from __future__ import annotations

import re

from landrail.resources import account_id
from landrail.spec.shortening import digest, shorten

__all__ = ["bucket", "bucket_prefix", "digest", "email", "length", "logical_id", "shorten"]

EMAIL = 64
ROLE = 64
BUCKET = 63
SAGEMAKER = 63
STACK = 128
POLICY = 128
ALIAS = 256
_PREFIX = 20

_TOKEN = re.compile(r"@\{(account|organization|output)[^}]*\}")
_ACCOUNT_ID = "1" * 12
_ORGANIZATION_ID = "o-" + "a" * 10


def email(pattern: str, account: str) -> str:
    """Return the address of an account's root user by the file's pattern."""
    room = EMAIL - len(pattern.replace("{account}", ""))
    return pattern.replace("{account}", shorten(account, room))


def bucket(platform: str, purpose: str, account: str) -> str:
    """Return a bucket's name; the account's id (a token until apply) makes it the only one on
    earth. `purpose` begins with its kind (`lake-...`), which is never cut off."""
    room = BUCKET - 12 - _PREFIX - 2
    return f"{bucket_prefix(platform)}-{shorten(purpose, room)}-{account_id(account)}"


def bucket_prefix(platform: str) -> str:
    """Return what the names of all buckets of a platform begin with; guardrails know them by it."""
    return shorten(platform, _PREFIX)


def logical_id(*parts: str) -> str:
    """Return an id within a template: camel case, with a digest where that would lose something."""
    text = "-".join(parts)
    words = [word for word in re.split(r"[^A-Za-z0-9]+", text) if word]
    camel = "".join(word[0].upper() + word[1:] for word in words)
    plain = re.fullmatch(r"[A-Za-z][a-z]*(-[A-Za-z][a-z0-9]*)*", text) is not None
    if not plain and any(not part.isalpha() for part in parts):
        camel += digest(text)[:4]
    return shorten(camel, 200).replace("-", "")


def length(text: str) -> int:
    """Return how long a text will be once the ids in it are known."""
    return len(_TOKEN.sub(_stand_in, text))


def _stand_in(token: re.Match[str]) -> str:
    return _ORGANIZATION_ID if token[1] == "organization" else _ACCOUNT_ID
