"""Names in AWS, made from names in the file: within each service's limit, stable, unique.

A name that fits stands as it is. One that does not is cut and ends in a digest of the whole, so
that two long names never meet. Nothing here knows what the names are for.
"""

from __future__ import annotations

import re
from hashlib import sha256

from landrail.resources import account_id

ACCOUNT = 50
EMAIL = 64
ROLE = 64
BUCKET = 63
SAGEMAKER = 63
STACK = 128
PIPELINE = 100
PROJECT = 150
REPOSITORY = 100
IMAGE_REPOSITORY = 256
POLICY = 128
ALIAS = 256

_DIGEST = 8
_TOKEN = re.compile(r"@\{(account|organization|output)[^}]*\}")
_ACCOUNT_ID = "1" * 12
_ORGANIZATION_ID = "o-" + "a" * 10


def shorten(text: str, limit: int) -> str:
    """Return `text`, or where it is longer than `limit` its beginning and a digest of the whole."""
    if len(text) <= limit:
        return text
    return f"{text[: limit - _DIGEST - 1].rstrip('-.')}-{digest(text)}"


def email(pattern: str, account: str) -> str:
    """Return the address of an account's root user by the file's pattern."""
    room = EMAIL - len(pattern.replace("{account}", ""))
    return pattern.replace("{account}", shorten(account, room))


def bucket(platform: str, purpose: str, account: str) -> str:
    """Return a bucket's name; the account's id (a token until apply) makes it the only one on
    earth."""
    return f"{shorten(f'{platform}-{purpose}', BUCKET - 13)}-{account_id(account)}"


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


def digest(text: str) -> str:
    """Return the short digest that names are told apart by."""
    return sha256(text.encode()).hexdigest()[:_DIGEST]
