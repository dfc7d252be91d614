"""Pages of Config's answers, and the error for a name that is no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.paging import place, token

_PAGE = 25
_WRONG = (
    "InvalidNextTokenException",
    "The specified next token is not valid. Specify the nextToken string that was returned in the "
    "previous response to get the next page of results.",
)


def page(items: Sequence[Any], params: Mapping[str, Any], answer: str) -> dict[str, Any]:
    """Return one page as `{answer: [...], NextToken}`."""
    start = place(params.get("NextToken"), *_WRONG)
    end = start + (int(params.get("Limit") or 0) or _PAGE)
    after = token(end, len(items))
    return {answer: list(items[start:end])} | ({"NextToken": after} if after else {})


def no_rule(name: str) -> ApiError:
    """Return the error for a rule that is not there."""
    return ApiError(
        "NoSuchConfigRuleException",
        f"The ConfigRule '{name}' provided in the request is invalid. Please check the "
        "configRule name",
    )


def invalid(message: str) -> ApiError:
    """Return the error for a parameter that is not valid."""
    return ApiError("InvalidParameterValueException", message)
