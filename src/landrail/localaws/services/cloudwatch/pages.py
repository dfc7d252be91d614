"""Pages of lists, with tokens that only say how far one has come."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from landrail.localaws.api import ApiError

_TOKEN = re.compile(r"from-(\d{1,12})\Z")


def start(token: str | None) -> int:
    """Return where a page begins; raises ApiError for a token that is none."""
    if not token:
        return 0
    try:
        found = _TOKEN.match(base64.urlsafe_b64decode(token).decode())
    except (ValueError, binascii.Error):
        found = None
    if found is None:
        raise ApiError("InvalidNextToken", "The next token specified is invalid.")
    return int(found[1])


def page(end: int, total: int) -> dict[str, Any]:
    """Return the token of what comes after, if anything does."""
    if end >= total:
        return {}
    return {"NextToken": base64.urlsafe_b64encode(f"from-{end}".encode()).decode()}
