"""What is known of the values of one metric in one moment: count, sum, extremes, distribution.

Distributions are exact up to some hundred different values; of more, each value stands for those
within one percent of it, so that a bucket stays small whatever is put into it. Values that came as
a statistic set have no distribution, and percentiles of them do not exist, as on AWS.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

_EXACT = 128
_STEP = math.log(1.02)
_EXACTLY = 2.0**53


class Distribution:
    """The values that came; `values` says how many of each, None where that is not known."""

    __slots__ = ("count", "high", "low", "total", "values")

    def __init__(self) -> None:
        self.count = 0.0
        self.total = 0.0
        self.low = math.inf
        self.high = -math.inf
        self.values: dict[float, float] | None = {}

    def add(self, value: float, count: float = 1.0) -> None:
        """Take a value that came `count` times."""
        self._measure(count, value * count, value, value)
        if self.values is not None:
            self._place(value, count)

    def add_set(self, count: float, total: float, low: float, high: float) -> None:
        """Take a statistic set. Its distribution is known only where all its values are equal."""
        if low == high:
            self.add(low, count)
            return
        self._measure(count, total, low, high)
        self.values = None

    def merge(self, other: Distribution) -> None:
        """Take all that another holds."""
        self._measure(other.count, other.total, other.low, other.high)
        if other.values is None:
            self.values = None
        elif self.values is not None:
            for value, count in other.values.items():
                self._place(value, count)

    def plain(self) -> list[Any]:
        """Return it as JSON can hold it."""
        numbers: list[Any] = [_short(n) for n in (self.count, self.total, self.low, self.high)]
        if self.values is None:
            return [*numbers, None]
        if self.low == self.high:
            return numbers
        return [*numbers, [_short(number) for pair in self.values.items() for number in pair]]

    @classmethod
    def read(cls, plain: list[Any]) -> Distribution:
        """Return what `plain` was made of."""
        made = cls()
        made.count, made.total, made.low, made.high, *rest = plain
        if not rest:
            made.values = {made.low: made.count}
        elif rest[0] is None:
            made.values = None
        else:
            made.values = dict(zip(rest[0][::2], rest[0][1::2], strict=True))
        return made

    def _measure(self, count: float, total: float, low: float, high: float) -> None:
        self.count += count
        self.total += total
        self.low = min(self.low, low)
        self.high = max(self.high, high)

    def _place(self, value: float, count: float) -> None:
        values = self.values
        if values is None:
            return
        key = value if len(values) < _EXACT or value in values else _near(value)
        values[key] = values.get(key, 0.0) + count
        if len(values) == _EXACT and key == value:
            self.values = _nearly(values)


def merged(parts: list[Distribution]) -> Distribution:
    """Return several as one."""
    whole = Distribution()
    for part in parts:
        whole.merge(part)
    return whole


def _short(number: float) -> float:
    """A number as JSON writes it shortest."""
    whole = int(number) if math.isfinite(number) else number
    return whole if whole == number and abs(number) < _EXACTLY else number


def _nearly(values: Mapping[float, float]) -> dict[float, float]:
    """Put values together that are within a percent of each other."""
    found: dict[float, float] = {}
    for value, count in values.items():
        near = _near(value)
        found[near] = found.get(near, 0.0) + count
    return found


def _near(value: float) -> float:
    if value == 0:
        return 0.0
    size = math.exp(round(math.log(abs(value)) / _STEP) * _STEP)
    # Four figures say it as well as seventeen, and are kept in less room.
    return math.copysign(float(f"{size:.4g}"), value)
