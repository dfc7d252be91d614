"""Pages of Config's answers, and the error for a name that is no rule."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiError

_PAGE = 25


def page(items: Sequence[Any], params: Mapping[str, Any], answer: str) -> dict[str, Any]:
    """Return one page as `{answer: [...], NextToken}`."""
    start = 0
    if params.get("NextToken"):
        try:
            start = int(base64.urlsafe_b64decode(params["NextToken"]).decode())
        except (ValueError, binascii.Error) as error:
            raise ApiError(
                "InvalidNextTokenException",
                "The specified next token is not valid. Specify the nextToken string that was "
                "returned in the previous response to get the next page of results.",
            ) from error
    end = start + (int(params.get("Limit") or 0) or _PAGE)
    result: dict[str, Any] = {answer: list(items[start:end])}
    if end < len(items):
        result["NextToken"] = base64.urlsafe_b64encode(str(end).encode()).decode()
    return result


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
