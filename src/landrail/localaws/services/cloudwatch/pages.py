"""Pages of lists, with tokens that only say how far one has come."""

from __future__ import annotations

from typing import Any

from landrail.localaws.paging import place, token

_WRONG = ("InvalidNextToken", "The next token specified is invalid.")


def start(given: str | None) -> int:
    """Return where a page begins; raises ApiError for a token that is none."""
    return place(given, *_WRONG)


def page(end: int, total: int) -> dict[str, Any]:
    """Return the token of what comes after, if anything does."""
    after = token(end, total)
    return {"NextToken": after} if after else {}
