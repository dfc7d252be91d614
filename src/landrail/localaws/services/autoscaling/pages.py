"""Pages of lists, with tokens that only say how far one has come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landrail.localaws.api import ApiCall
from landrail.localaws.paging import place, token

_MOST = 50
_WRONG = ("InvalidNextTokenException", "The next token supplied is invalid.")


def page(call: ApiCall, items: Sequence[dict[str, Any]], answer: str) -> dict[str, Any]:
    """Return one page as `{answer: [...], NextToken}`; raises ApiError for a token that is none."""
    start = place(call.params.get("NextToken"), *_WRONG, of=call.operation)
    end = start + int(call.params.get("MaxResults") or _MOST)
    after = token(end, len(items), of=call.operation)
    return {answer: list(items[start:end])} | ({"NextToken": after} if after else {})
