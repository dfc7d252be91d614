"""What a gate is made of: numbers and metrics, sums of them, comparisons, and their joining.

A node prints as it could have been written, for what is told of a judgement.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

CHAMPION = "champion."
"""How the metrics of the version that serves in production are written."""
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}
COMPUTE: Mapping[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written; `1%` is 0.01."""

    value: float
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Metric:
    """A measured number by its name; `champion.NAME` is of the version in production."""

    name: str

    def __str__(self) -> str:
        return self.name

    @property
    def of_champion(self) -> bool:
        """Whether it is the champion's."""
        return self.name.startswith(CHAMPION)


@dataclass(frozen=True, slots=True)
class Sum:
    """Two numbers and what is made of them: `+`, `-`, `*` or `/`."""

    left: Value
    symbol: str
    right: Value

    def __str__(self) -> str:
        return f"{_inner(self.left)} {self.symbol} {_inner(self.right)}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two numbers held against each other."""

    left: Value
    symbol: str
    right: Value

    def __str__(self) -> str:
        return f"{self.left} {self.symbol} {self.right}"


@dataclass(frozen=True, slots=True)
class Joined:
    """Conditions of which `and` wants all and `or` one."""

    word: str
    parts: tuple[Condition, ...]


Value = Number | Metric | Sum
Condition = Comparison | Joined


def metrics_of(node: Value | Condition) -> Iterator[Metric]:
    """Yield the metrics that a node names, as often as it does."""
    match node:
        case Metric():
            yield node
        case Sum() | Comparison():
            yield from metrics_of(node.left)
            yield from metrics_of(node.right)
        case Joined():
            for part in node.parts:
                yield from metrics_of(part)
        case Number():
            pass


def comparisons(node: Condition) -> Iterator[Comparison]:
    """Yield the comparisons of a condition in their order."""
    if isinstance(node, Comparison):
        yield node
        return
    for part in node.parts:
        yield from comparisons(part)


def _inner(node: Value) -> str:
    return f"({node})" if isinstance(node, Sum) else str(node)
