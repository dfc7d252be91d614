"""Pages of lists, with tokens that belong to one list."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any

from landrail.localaws.api import ApiCall, ApiError

_TOKEN = re.compile(r"from-(\d+)\Z")


def page(call: ApiCall, items: Sequence[dict[str, Any]], answer: str) -> dict[str, Any]:
    """Return one page as `{answer: [...], nextToken}`."""
    start = _start(call.params.get("nextToken"))
    end = start + int(call.params.get("maxResults") or 100)
    result: dict[str, Any] = {answer: list(items[start:end])}
    if end < len(items):
        result["nextToken"] = base64.urlsafe_b64encode(f"from-{end}".encode()).decode()
    return result


def _start(token: str | None) -> int:
    if not token:
        return 0
    try:
        found = _TOKEN.match(base64.urlsafe_b64decode(token).decode())
    except (ValueError, binascii.Error):
        found = None
    if found is None:
        raise ApiError(
            "InvalidNextTokenException",
            "The next token was specified in an invalid format. Make sure that the next token you "
            "provide is the token returned by a previous call.",
        )
    return int(found[1])
