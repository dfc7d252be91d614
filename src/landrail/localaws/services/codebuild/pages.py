"""Pages of lists, with tokens that belong to one list."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from landrail.localaws.api import ApiCall, ApiError

SIZE = 100


def page(call: ApiCall, items: Sequence[Any], answer: str) -> dict[str, Any]:
    """Return one page as `{answer: [...], nextToken}`; raises InvalidInputException."""
    start = _start(call)
    end = start + int(call.params.get("maxResults") or SIZE)
    result: dict[str, Any] = {answer: list(items[start:end])}
    if end < len(items):
        text = f"{call.operation}:{end}"
        result["nextToken"] = base64.urlsafe_b64encode(text.encode()).decode()
    return result


def _start(call: ApiCall) -> int:
    token = call.params.get("nextToken")
    if not token:
        return 0
    try:
        operation, _, start = base64.urlsafe_b64decode(str(token)).decode().partition(":")
        if operation == call.operation:
            return int(start)
    except ValueError:
        pass
    raise ApiError("InvalidInputException", f"Invalid next token: {token}")
