"""Which state follows from which points: AWS's tables, and a slow reading of AWS's rules."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as some

from landrail.localaws.services.cloudwatch.alarms.judge import EXTRA, judge

TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
POINTS = {"0": False, "X": True, "-": None}
GROUPS = yaml.safe_load((Path(__file__).parent / "alarm_states.yaml").read_text())
CASES = [
    pytest.param(
        group,
        case,
        treatment,
        id=f"{group['needed']}of{group['periods']} {case['points']} {treatment}",
    )
    for group in GROUPS
    for case in group["cases"]
    for treatment in TREATMENTS
]


@pytest.mark.parametrize(("group", "case", "treatment"), CASES)
def test_tables(group: dict[str, Any], case: dict[str, Any], treatment: Any) -> None:
    """Each cell of the tables."""
    points = [POINTS[point] for point in reversed(case["points"].split())]
    found = judge(points, group["periods"], group["needed"], treatment)
    assert (found or "same") == case[treatment]


def slowly(oldest_first: list[bool | None], n: int, m: int, treatment: str) -> str | None:
    """The guide's sentences, one after the other, on the points as it writes them."""
    present = [(index, point) for index, point in enumerate(oldest_first) if point is not None]
    # "the number of existing data points retrieved is equal to or more than Evaluation Periods"
    if len(present) >= n:
        last = [point for _, point in present[-n:]]
        return "ALARM" if last.count(True) >= m else "OK"
    # "fills in the missing data points ... all real data points are included"
    if treatment in ("breaching", "notBreaching"):
        window = [point for _, point in present]
        while len(window) < n:
            window.append(treatment == "breaching")
        return "ALARM" if window.count(True) >= m else "OK"
    if [point for _, point in present].count(True) >= m:
        return "ALARM"
    if any(point is False for _, point in present):
        return "OK"
    if treatment == "ignore":
        return None
    if not present:
        return "INSUFFICIENT_DATA"
    # "the oldest available breaching data point is at least as old as Datapoints to Alarm"
    age = len(oldest_first) - present[0][0]
    return "ALARM" if age >= m else "INSUFFICIENT_DATA"


@settings(max_examples=300, deadline=None)
@given(data=some.data(), n=some.integers(1, 6))
def test_agrees_with_a_slow_reading(data: some.DataObject, n: int) -> None:
    """The evaluator and the slow reading agree, and more breaching points never calm an alarm."""
    m = data.draw(some.integers(1, n))
    size = n + EXTRA
    points = data.draw(
        some.lists(some.sampled_from([True, False, None]), min_size=size, max_size=size)
    )
    for treatment in TREATMENTS:
        found = judge(list(reversed(points)), n, m, treatment)
        assert found == slowly(points, n, m, treatment)
    worse = [point if point is None else True for point in points]
    if judge(list(reversed(points)), n, m, "notBreaching") == "ALARM":
        assert judge(list(reversed(worse)), n, m, "notBreaching") == "ALARM"
