"""Tokens of lists that are told page by page: how far one has come, and in which list.

What a service calls the members of an answer, and how it refuses a token, is the service's own.
"""

from __future__ import annotations

import base64
import binascii
import re

from landrail.localaws.api import ApiError

_PLACE = re.compile(r"(.*):(0|[1-9][0-9]{0,11})", re.DOTALL)


def place(token: str | None, code: str, message: str, *, of: str = "") -> int:
    """Return where a page begins; raises ApiError for a token that is none, or not `of` this
    list."""
    if not token:
        return 0
    try:
        found = _PLACE.fullmatch(base64.urlsafe_b64decode(token).decode())
    except (ValueError, binascii.Error):
        found = None
    if found is None or found[1] != of:
        raise ApiError(code, message)
    return int(found[2])


def token(end: int, total: int, *, of: str = "") -> str | None:
    """Return the token of what comes after a page, None where nothing does."""
    if end >= total:
        return None
    return base64.urlsafe_b64encode(f"{of}:{end}".encode()).decode()
