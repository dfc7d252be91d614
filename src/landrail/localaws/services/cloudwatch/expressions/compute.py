"""The value of an expression: a number, a series, or several series."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from landrail.localaws.services.cloudwatch.expressions.parse import (
    Applied,
    Binary,
    Expression,
    MathError,
    Name,
    Negative,
    Number,
    Several,
    Text,
)

Run = Mapping[int, float]
"""A series: values by the beginnings of their periods."""
Value = float | str | Run | list[Run]


class Grid(NamedTuple):
    """The periods that are looked at: from `begin` up to before `end`."""

    begin: int
    end: int
    period: int

    def moments(self) -> range:
        """Return the beginnings of all periods."""
        return range(self.begin, self.end, self.period)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may name: other queries by id, and those that are metrics."""

    look_up: Callable[[str], Value]
    metrics: Callable[[str | None], list[Run]]
    grid: Grid


Function = Callable[[Scope, tuple[Value, ...]], Value]

_SIGNS: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": operator.pow,
    "==": lambda a, b: float(a == b),
    "!=": lambda a, b: float(a != b),
    "<": lambda a, b: float(a < b),
    "<=": lambda a, b: float(a <= b),
    ">": lambda a, b: float(a > b),
    ">=": lambda a, b: float(a >= b),
    "&&": lambda a, b: float(bool(a) and bool(b)),
    "||": lambda a, b: float(bool(a) or bool(b)),
}


def compute(expression: Expression, scope: Scope, functions: Mapping[str, Function]) -> Value:
    """Return the value of an expression; raises MathError."""
    match expression:
        case Number(number):
            return number
        case Text(text):
            return text
        case Name(name):
            return name if name[0].isupper() else scope.look_up(name)
        case Negative(of):
            return pairwise(operator.sub, 0.0, compute(of, scope, functions))
        case Binary(sign, left, right):
            return pairwise(
                _SIGNS[sign],
                compute(left, scope, functions),
                compute(right, scope, functions),
            )
        case Several(items):
            return [series for item in items for series in _each(compute(item, scope, functions))]
        case Applied(name, arguments):
            function = functions.get(name)
            if function is None:
                known = ", ".join(sorted(functions))
                raise MathError(f"the local AWS does not have the function {name}, but {known}")
            return function(
                scope, tuple(compute(argument, scope, functions) for argument in arguments)
            )


def pairwise(operation: Callable[[float, float], float], left: Value, right: Value) -> Value:
    """Apply an operation of two numbers; of series, to the periods in which both have a value.
    What has no result, such as a division by zero, is a missing value."""
    if isinstance(left, str) or isinstance(right, str):
        raise MathError("a text is no operand")
    if isinstance(left, list):
        if isinstance(right, list):
            raise MathError("two lists of series are not to be combined")
        return [series(pairwise(operation, one, right)) for one in left]
    if isinstance(right, list):
        return [series(pairwise(operation, left, one)) for one in right]
    if isinstance(left, Mapping) or isinstance(right, Mapping):
        return _over(operation, left, right)
    found = _quietly(operation, left, right)
    if found is None:
        raise MathError("a number is divided by zero")
    return found


def series(value: Value) -> Run:
    """Return a value that must be one series; raises MathError."""
    if not isinstance(value, Mapping):
        raise MathError("a series is wanted")
    return value


def _over(operation: Callable[[float, float], float], left: float | Run, right: float | Run) -> Run:
    moments = left if isinstance(left, Mapping) else right
    if not isinstance(moments, Mapping):
        return {}
    found: dict[int, float] = {}
    for moment in moments:
        a = left.get(moment) if isinstance(left, Mapping) else left
        b = right.get(moment) if isinstance(right, Mapping) else right
        if a is not None and b is not None and (one := _quietly(operation, a, b)) is not None:
            found[moment] = one
    return found


def _quietly(operation: Callable[[float, float], float], a: float, b: float) -> float | None:
    try:
        found = operation(a, b)
    except (ZeroDivisionError, OverflowError):
        return None
    return found if isinstance(found, float | int) and math.isfinite(found) else None


def _each(value: Value) -> list[Run]:
    if isinstance(value, list):
        return value
    return [series(value)]
