"""Statistics by their names: the five simple ones, percentiles, trimmed means and their kin.

Source: CloudWatch User Guide, "CloudWatch statistics definitions". A percentile is the smallest
value that has that share of all values at or below it (AWS does not say how it interpolates).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from landrail.localaws.services.cloudwatch.distribution import Distribution

Statistic = Callable[[Distribution], float | None]
Values = list[tuple[float, float]]

_PERCENT = re.compile(r"(p|tm|wm|tc|ts)(\d{1,3}(?:\.\d{1,10})?)", re.IGNORECASE)
_RANGE = re.compile(r"(PR|TM|WM|TC|TS)\((-?\d+(?:\.\d+)?%?)?:(-?\d+(?:\.\d+)?%?)?\)", re.IGNORECASE)

SIMPLE: dict[str, Statistic] = {
    "SampleCount": lambda d: d.count,
    "Average": lambda d: d.total / d.count if d.count else None,
    "Sum": lambda d: d.total,
    "Minimum": lambda d: d.low,
    "Maximum": lambda d: d.high,
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """A part of a distribution: by shares of all values, or by the values themselves."""

    low: float | None
    high: float | None
    percent: bool


def statistic(name: str) -> Statistic | None:
    """Return what computes a statistic, None for a name that is none."""
    if name in SIMPLE:
        return SIMPLE[name]
    if name.upper() == "IQM":
        return _over(_mean, Bounds(25.0, 75.0, True))
    simple = _PERCENT.fullmatch(name)
    if simple is not None:
        return _by_percent(simple[1].lower(), float(simple[2]))
    between = _RANGE.fullmatch(name)
    if between is not None:
        return _by_range(between[1].upper(), between[2], between[3])
    return None


def percentile(name: str) -> float | None:
    """Return the percentile that a statistic is, between 0 and 1; None for the others."""
    simple = _PERCENT.fullmatch(name)
    if simple is None or simple[1].lower() != "p":
        return None
    return float(simple[2]) / 100.0


def _by_percent(kind: str, percent: float) -> Statistic | None:
    if percent > 100.0:
        return None
    if kind == "p":
        return lambda d: None if d.values is None else _at(_sorted(d), d, percent)
    return _over(_KINDS[kind.upper()], Bounds(None, percent, True))


def _by_range(kind: str, low: str | None, high: str | None) -> Statistic | None:
    given = [end for end in (low, high) if end]
    percent = [end.endswith("%") for end in given]
    if not given or len(set(percent)) > 1:
        return None
    bounds = Bounds(_number(low), _number(high), percent[0])
    if kind == "PR":
        return None if percent[0] else _over(_share, bounds)
    if percent[0] and not 0.0 <= (bounds.low or 0.0) < (bounds.high or 100.0) <= 100.0:
        return None
    return _over(_KINDS[kind], bounds)


def _number(text: str | None) -> float | None:
    return float(text.rstrip("%")) if text else None


def _over(compute: Callable[[Distribution, Bounds], float | None], bounds: Bounds) -> Statistic:
    return lambda d: None if d.values is None or not d.count else compute(d, bounds)


def _sorted(d: Distribution) -> Values:
    return sorted((d.values or {}).items())


def _at(values: Values, d: Distribution, percent: float) -> float:
    """The smallest value with that share of all at or below it."""
    if percent <= 0.0:
        return d.low
    wanted, seen = percent / 100.0 * d.count, 0.0
    for value, count in values:
        seen += count
        if seen >= wanted * (1 - 1e-12):
            return min(max(value, d.low), d.high)
    return d.high


def _inside(d: Distribution, bounds: Bounds) -> Values:
    """The values between the bounds, the lower one exclusive; by shares, a value that lies across
    a bound counts in part."""
    if not bounds.percent:
        low = float("-inf") if bounds.low is None else bounds.low
        high = float("inf") if bounds.high is None else bounds.high
        return [(value, count) for value, count in _sorted(d) if low < value <= high]
    begin = (bounds.low or 0.0) / 100.0 * d.count
    end = (100.0 if bounds.high is None else bounds.high) / 100.0 * d.count
    found: Values = []
    seen = 0.0
    for value, count in _sorted(d):
        part = min(seen + count, end) - max(seen, begin)
        if part > 0.0:
            found.append((value, part))
        seen += count
    return found


def _count(d: Distribution, bounds: Bounds) -> float | None:
    return sum(count for _, count in _inside(d, bounds))


def _sum(d: Distribution, bounds: Bounds) -> float | None:
    return sum(value * count for value, count in _inside(d, bounds))


def _mean(d: Distribution, bounds: Bounds) -> float | None:
    inside = _inside(d, bounds)
    count = sum(each for _, each in inside)
    return sum(value * each for value, each in inside) / count if count else None


def _winsorized(d: Distribution, bounds: Bounds) -> float | None:
    """The mean where what lies outside counts as the bound that it is beyond."""
    values = _sorted(d)
    if bounds.percent:
        low = _at(values, d, bounds.low or 0.0)
        high = _at(values, d, 100.0 if bounds.high is None else bounds.high)
    else:
        low = d.low if bounds.low is None else bounds.low
        high = d.high if bounds.high is None else bounds.high
    return sum(min(max(value, low), high) * count for value, count in values) / d.count


def _share(d: Distribution, bounds: Bounds) -> float | None:
    count = _count(d, bounds)
    return None if count is None else 100.0 * count / d.count


_KINDS = {"TM": _mean, "WM": _winsorized, "TC": _count, "TS": _sum}
