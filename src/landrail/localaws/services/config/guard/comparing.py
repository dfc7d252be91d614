"""How two values compare in Guard. None: they cannot be compared, which fails whatever is asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from landrail.localaws.services.config.guard.syntax import Pattern, Range

_TYPES: dict[str, type | tuple[type, ...]] = {
    "is_string": str,
    "is_list": list,
    "is_struct": dict,
    "is_bool": bool,
    "is_int": int,
    "is_float": float,
}


def is_type(operator: str, value: Any) -> bool:
    """Whether a value is of the type that an operator names."""
    if operator == "is_null":
        return value is None
    if operator == "is_int" and isinstance(value, bool):
        return False
    return isinstance(value, _TYPES[operator])


def is_empty(value: Any) -> bool:
    """Whether a value has nothing in it."""
    return value is None or (isinstance(value, list | dict | str) and len(value) == 0)


def compares(operator: str, value: Any, other: Any) -> bool | None:
    """Whether a value compares so with another."""
    if operator == "in":
        return is_in(value, other)
    if operator == "==":
        return equal(value, other)
    if not _ordered(value, other):
        return None
    answers: dict[str, bool] = {
        "<": value < other,
        ">": value > other,
        "<=": value <= other,
        ">=": value >= other,
    }
    return answers[operator]


def equal(value: Any, other: Any) -> bool | None:
    """Whether values are equal: a pattern is found, a range holds, a list is equal to a single
    value where each of its elements is."""
    if isinstance(other, Pattern):
        return _each(value, lambda one: _matches(one, other))
    if isinstance(other, Range):
        return _each(value, lambda one: _within(one, other))
    if isinstance(value, list) and not isinstance(other, list):
        return _each(value, lambda one: equal(one, other))
    if isinstance(other, list) and not isinstance(value, list):
        return equal(value, other[0]) if len(other) == 1 else None
    if isinstance(value, list):
        pairs = zip(value, other, strict=False)
        return len(value) == len(other) and all(equal(a, b) for a, b in pairs)
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        return value.keys() == other.keys() and all(equal(value[k], other[k]) for k in value)
    if value is None and other is None:
        return True
    return bool(value == other) if _alike(value, other) else None


def is_in(value: Any, other: Any) -> bool | None:
    """Whether a value, or each element of a list, is among others; a text within another."""
    if isinstance(other, list):
        if isinstance(value, list) and any(equal(value, one) is True for one in other):
            return True
        return _each(value, lambda one: any(equal(one, wanted) is True for wanted in other))
    if isinstance(other, str) and isinstance(value, str):
        return value in other
    return equal(value, other)


def _each(value: Any, test: Any) -> bool | None:
    if not isinstance(value, list):
        found: bool | None = test(value)
        return found
    answers = [test(one) for one in value]
    return None if None in answers else all(answers)


def _matches(value: Any, pattern: Pattern) -> bool | None:
    if not isinstance(value, str):
        return None
    found: re.Match[str] | None = pattern.expression.search(value)
    return found is not None


def _within(value: Any, given: Range) -> bool | None:
    if not _ordered(value, given.low) or not _ordered(value, given.high):
        return None
    above = value >= given.low if given.low_is_in else value > given.low
    below = value <= given.high if given.high_is_in else value < given.high
    return bool(above and below)


def _alike(value: Any, other: Any) -> bool:
    if isinstance(value, bool) or isinstance(other, bool):
        return isinstance(value, bool) and isinstance(other, bool)
    numbers = int | float
    if isinstance(value, numbers) and isinstance(other, numbers):
        return True
    return type(value) is type(other)


def _ordered(value: Any, other: Any) -> bool:
    return _alike(value, other) and isinstance(value, int | float | str)
