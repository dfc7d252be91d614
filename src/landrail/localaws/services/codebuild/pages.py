"""Pages of lists, with tokens that belong to one list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landrail.localaws.api import ApiCall
from landrail.localaws.paging import place, token

SIZE = 100


def page(call: ApiCall, items: Sequence[Any], answer: str) -> dict[str, Any]:
    """Return one page as `{answer: [...], nextToken}`; raises InvalidInputException."""
    given = call.params.get("nextToken")
    wrong = ("InvalidInputException", f"Invalid next token: {given}")
    start = place(given, *wrong, of=call.operation)
    end = start + int(call.params.get("maxResults") or SIZE)
    after = token(end, len(items), of=call.operation)
    return {answer: list(items[start:end])} | ({"nextToken": after} if after else {})
