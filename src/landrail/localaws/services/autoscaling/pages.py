"""Pages of lists, with tokens that only say how far one has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landrail.localaws.api import ApiCall, ApiError

_MOST = 50
_MARK = "from-"


def page(call: ApiCall, items: Sequence[dict[str, Any]], answer: str) -> dict[str, Any]:
    """Return one page as `{answer: [...], NextToken}`; raises ApiError for a token that is none."""
    token = str(call.params.get("NextToken") or f"{_MARK}0")
    number = token.removeprefix(_MARK)
    if not token.startswith(_MARK) or not number.isdecimal():
        raise ApiError("InvalidNextTokenException", "The next token supplied is invalid.")
    end = int(number) + int(call.params.get("MaxResults") or _MOST)
    found: dict[str, Any] = {answer: list(items[int(number) : end])}
    return found | ({"NextToken": f"{_MARK}{end}"} if end < len(items) else {})
