"""The metric gate of a model: `auc >= baseline + 0.01 and rows >= 1000`.

A small grammar, not free text: comparisons joined by `and`, each between a metric and a sum of
metrics and numbers. Nothing of a gate is ever evaluated as code.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*(?:(>=|<=|==|>|<)|([+-])|(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([A-Za-z_]\w*))")
_COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}


class GateError(ValueError):
    """A gate that cannot be read, or a metric that it names and nobody measured."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Signed metrics and numbers added up."""

    terms: tuple[tuple[int, str | float], ...]

    def value(self, metrics: Mapping[str, float]) -> float:
        """Return the sum; raises GateError for a metric that is not there."""
        total = 0.0
        for sign, term in self.terms:
            if isinstance(term, str):
                if term not in metrics:
                    known = ", ".join(sorted(metrics)) or "none"
                    raise GateError(f"the gate needs the metric `{term}`; measured: {known}")
                term = metrics[term]
            total += sign * term
        return total


@dataclass(frozen=True, slots=True)
class Comparison:
    """One side against the other."""

    left: Sum
    symbol: str
    right: Sum


@dataclass(frozen=True, slots=True)
class Gate:
    """A parsed gate; it keeps its text to be shown."""

    text: str
    comparisons: tuple[Comparison, ...]

    def passes(self, metrics: Mapping[str, float]) -> bool:
        """Return whether every comparison holds; NaN never passes."""
        return all(
            _COMPARE[c.symbol](c.left.value(metrics), c.right.value(metrics))
            for c in self.comparisons
        )


def parse_gate(text: str) -> Gate:
    """Read a gate; raises GateError saying what was expected where."""
    parts = re.split(r"\band\b", text)
    return Gate(text, tuple(_comparison(part.strip()) for part in parts))


def _comparison(text: str) -> Comparison:
    found = [m for m in re.split(r"(>=|<=|==|>|<)", text) if m]
    if len(found) != 3:
        raise GateError(f"`{text}` is not METRIC >= METRIC + NUMBER (or >, <, <=, ==)")
    return Comparison(_sum(found[0]), found[1], _sum(found[2]))


def _sum(text: str) -> Sum:
    terms: list[tuple[int, str | float]] = []
    sign, expects_term, at = 1, True, 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if match is None or match[1]:
            raise GateError(f"`{text.strip()}`: cannot read `{stripped[at:].strip()}`")
        if match[2]:
            if expects_term and terms:
                raise GateError(f"`{text.strip()}`: expected a metric or number at `{match[2]}`")
            sign, expects_term = (1 if match[2] == "+" else -1), True
        elif expects_term:
            terms.append((sign, float(match[3]) if match[3] else match[4]))
            expects_term = False
        else:
            raise GateError(f"`{text.strip()}`: expected + or - at `{match[0].strip()}`")
        at = match.end()
    if not terms or expects_term:
        raise GateError(f"`{text.strip() or ' '}`: a metric or number is missing")
    return Sum(tuple(terms))
