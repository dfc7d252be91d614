"""Pages of lists, with tokens that belong to one list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landrail.localaws.api import ApiCall
from landrail.localaws.paging import place, token

_SIZE = 100
_WRONG = (
    "InvalidNextTokenException",
    "The next token was specified in an invalid format. Make sure that the next token you provide "
    "is the token returned by a previous call.",
)


def page(call: ApiCall, items: Sequence[dict[str, Any]], answer: str) -> dict[str, Any]:
    """Return one page as `{answer: [...], nextToken}`."""
    start = place(call.params.get("nextToken"), *_WRONG, of=call.operation)
    end = start + int(call.params.get("maxResults") or _SIZE)
    after = token(end, len(items), of=call.operation)
    return {answer: list(items[start:end])} | ({"nextToken": after} if after else {})
