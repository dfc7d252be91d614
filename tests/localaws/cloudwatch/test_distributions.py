"""Statistics of what was put: exact for few values, within a percent or two for many."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from landrail.localaws.services.cloudwatch.distribution import Distribution, merged
from landrail.localaws.services.cloudwatch.statistics import statistic

VALUES = some.lists(some.floats(-1e6, 1e6).map(lambda v: round(v, 3)), min_size=1, max_size=400)


def holding(values: Sequence[float]) -> Distribution:
    """What these values come to."""
    found = Distribution()
    for value in values:
        found.add(value)
    return found


def value_of(name: str, values: Distribution) -> float | None:
    """A statistic by its name."""
    computed = statistic(name)
    assert computed is not None, name
    return computed(values)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("SampleCount", 100.0),
        ("Sum", 5050.0),
        ("Average", 50.5),
        ("Minimum", 1.0),
        ("Maximum", 100.0),
        ("p0", 1.0),
        ("p50", 50.0),
        ("p99", 99.0),
        ("p99.9", 100.0),
        ("p100", 100.0),
        ("tm90", 45.5),
        ("TM(10%:90%)", 50.5),
        ("TM(10:20)", 15.5),
        ("tc90", 90.0),
        ("ts90", 4095.0),
        ("TS(:10)", 55.0),
        ("TC(90:)", 10.0),
        ("PR(10:20)", 10.0),
        ("PR(:25)", 25.0),
        ("wm95", (sum(range(1, 96)) + 5 * 95) / 100),
        ("WM(10:90)", (10 * 10 + sum(range(11, 91)) + 10 * 90) / 100),
        ("IQM", 50.5),
    ],
)
def test_named(name: str, wanted: float) -> None:
    """The numbers from 1 to 100."""
    assert value_of(name, holding(range(1, 101))) == pytest.approx(wanted)


@pytest.mark.parametrize("name", ["p101", "p", "median", "PR(1%:2%)", "TM(:)", "TM(1:2%)", "q50"])
def test_not_named(name: str) -> None:
    """What is no statistic."""
    assert statistic(name) is None


def test_sets_have_no_percentiles() -> None:
    """Of a statistic set only the simple ones are known, unless all its values are equal."""
    values = Distribution()
    values.add_set(4, 40, 5, 20)
    assert value_of("Average", values) == 10
    assert value_of("p50", values) is None
    same = Distribution()
    same.add_set(4, 40, 10, 10)
    assert value_of("p50", same) == 10


@settings(max_examples=60, deadline=None)
@given(values=VALUES, cut=some.integers(0, 400), percent=some.integers(1, 99))
def test_nearest_rank(values: list[float], cut: int, percent: int) -> None:
    """In parts or as a whole, kept and read again: the percentile by sorting, within two percent;
    the simple statistics exactly."""
    parts = [holding(part) for part in (values[:cut], values[cut:]) if part]
    kept = [Distribution.read(json.loads(json.dumps(part.plain()))) for part in parts]
    whole = merged(kept)
    ordered = sorted(values)
    exact = ordered[math.ceil(percent / 100 * len(ordered)) - 1]
    assert value_of(f"p{percent}", whole) == pytest.approx(exact, rel=0.021, abs=1e-9)
    assert value_of("Minimum", whole) == ordered[0]
    assert value_of("Maximum", whole) == ordered[-1]
    assert value_of("SampleCount", whole) == len(values)
    assert value_of("Sum", whole) == pytest.approx(sum(values), abs=1e-3)


def test_stays_small() -> None:
    """A hundred thousand different values are some hundred numbers."""
    values = holding([1.0 + index / 1000 for index in range(100_000)])
    assert len(values.values or ()) < 600
    assert value_of("p90", values) == pytest.approx(91.0, rel=0.02)
