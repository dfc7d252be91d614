"""Measurements held to a gate: whether they pass, and what each comparison came to.

Where there is no champion yet, a comparison with it says nothing: it is left out, and what is left
must pass. What is not a number passes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from landrail.spec.gate.tokens import GateError
from landrail.spec.gate.tree import (
    CHAMPION,
    COMPARE,
    COMPUTE,
    Comparison,
    Condition,
    Joined,
    Metric,
    Number,
    Sum,
    Value,
    metrics_of,
)

Metrics = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judged:
    """A comparison and what its sides came to; `holds` is None where there is no champion."""

    comparison: Comparison
    left: float
    right: float
    holds: bool | None

    def __str__(self) -> str:
        """Like `auc >= champion.auc - 0.005: 0.871 >= 0.888, which does not hold`."""
        if self.holds is None:
            return f"{self.comparison}: there is no champion yet"
        said = "which holds" if self.holds else "which does not hold"
        return (
            f"{self.comparison}: {self.left:.6g} {self.comparison.symbol} {self.right:.6g}, {said}"
        )


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a gate is passed, and each of its comparisons in their order."""

    passes: bool
    judged: tuple[Judged, ...]


def judge(condition: Condition, metrics: Metrics, champion: Metrics | None = None) -> Judgement:
    """Hold metrics, and those of the champion if there is one, to a condition; raises GateError
    for a metric that it names and nobody measured."""
    judged: list[Judged] = []
    passes = _condition(condition, metrics, champion, judged)
    return Judgement(passes is True, tuple(judged))


def _condition(
    node: Condition, metrics: Metrics, champion: Metrics | None, judged: list[Judged]
) -> bool | None:
    if isinstance(node, Joined):
        # Every part is judged, also where the first decides: all of it is told.
        said = [_condition(part, metrics, champion, judged) for part in node.parts]
        known = [one for one in said if one is not None]
        if not known:
            return None
        return all(known) if node.word == "and" else any(known)
    one = _comparison(node, metrics, champion)
    judged.append(one)
    return one.holds


def _comparison(node: Comparison, metrics: Metrics, champion: Metrics | None) -> Judged:
    if champion is None and any(m.of_champion for m in metrics_of(node)):
        return Judged(node, math.nan, math.nan, None)
    left, right = (_value(side, metrics, champion or {}) for side in (node.left, node.right))
    return Judged(node, left, right, COMPARE[node.symbol](left, right))


def _value(node: Value, metrics: Metrics, champion: Metrics) -> float:
    match node:
        case Number():
            return node.value
        case Metric():
            return _metric(node, metrics, champion)
        case Sum():
            left = _value(node.left, metrics, champion)
            right = _value(node.right, metrics, champion)
            try:
                return COMPUTE[node.symbol](left, right)
            except (ZeroDivisionError, OverflowError):
                return math.nan


def _metric(node: Metric, metrics: Metrics, champion: Metrics) -> float:
    found = champion if node.of_champion else metrics
    name = node.name.removeprefix(CHAMPION) if node.of_champion else node.name
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        whose = "of the champion" if node.of_champion else "measured"
        raise GateError(f"the gate needs the metric `{node.name}`; {whose}: {known}")
    return found[name]
