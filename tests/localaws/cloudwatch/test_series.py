"""Series on disk: what is read is what was put, however old, and little is kept of much."""

from __future__ import annotations

import random
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from landrail.localaws.services.cloudwatch.distribution import Distribution
from landrail.localaws.services.cloudwatch.series import FINE, LEVELS, MINUTES, Series
from landrail.localaws.store import Tables

DAY = 86_400
NOW = 1_763_900_000
KEY = "a-metric"


def one(value: float) -> Distribution:
    """One value."""
    made = Distribution()
    made.add(value)
    return made


def sums(series: Series, begin: int, end: int, period: int) -> dict[int, float]:
    """The sums of periods, of all units together."""
    found = series.periods(KEY, begin, end, period)
    return {start: sum(u.total for u in units.values()) for start, units in sorted(found.items())}


@pytest.mark.parametrize("seed", range(5))
def test_agrees_with_a_list_of_all_that_was_put(tmp_path: Path, seed: int) -> None:
    """Random puts, flushes and restarts, read by periods of every length."""
    dice = random.Random(seed)
    tables = Tables(tmp_path / "tables")
    series, everything = Series(tables), []
    for _ in range(400):
        moment, value = NOW + dice.randrange(0, 2_000), float(dice.randrange(100))
        fine = dice.random() < 0.5
        series.add(KEY, moment, dice.choice(["Count", "None"]), one(value), fine)
        everything.append((moment, value, fine))
        if dice.random() < 0.05:
            series.flush()
            series = Series(tables) if dice.random() < 0.5 else series
    begin = NOW // 3_600 * 3_600
    for period in (1, 10, 30, 60, 120, 300, 3_600):
        wanted: dict[int, float] = defaultdict(float)
        for moment, value, fine in everything:
            if fine or period >= 60:
                wanted[moment - (moment - begin) % period] += value
        assert sums(series, begin, begin + 7_200, period) == pytest.approx(
            dict(sorted(wanted.items()))
        )
    tables.close()


def test_a_value_gets_coarser_with_its_age_and_goes_at_last(tmp_path: Path) -> None:
    """Seconds for three hours, minutes for 15 days, five minutes for 63, hours for 455."""
    series = Series(Tables(tmp_path / "tables"))
    begin = NOW // DAY * DAY
    for second in (0, 5, 70, 400):
        series.add(KEY, begin + second, "None", one(1.0), fine=True)

    def seen(period: int) -> list[float]:
        return list(sums(series, begin, begin + DAY, period).values())

    assert (seen(10), seen(60), seen(300)) == ([2, 1, 1], [2, 1, 1], [3, 1])
    for age, left in (
        (2 * FINE.kept, True),
        (20 * DAY, True),
        (80 * DAY, True),
        (500 * DAY, False),
    ):
        assert series.forget(KEY, begin + age) is left
        expected = {
            2 * FINE.kept: ([], [2, 1, 1], [3, 1], [4]),
            20 * DAY: ([], [], [3, 1], [4]),
            80 * DAY: ([], [], [], [4]),
            500 * DAY: ([], [], [], []),
        }[age]
        assert tuple(seen(period) for period in (10, 60, 300, 3_600)) == expected


def test_much_that_is_put_is_little_that_is_kept(tmp_path: Path) -> None:
    """Half a minute of 4,000 values a second: some documents, a few kilobytes each."""
    tables = Tables(tmp_path / "tables")
    series, dice = Series(tables), random.Random(1)
    for second in range(30):
        values = Distribution()
        for _ in range(4_000):
            values.add(dice.lognormvariate(8.0, 1.0))
        series.add(KEY, NOW + second, "Microseconds", values, fine=True)
        series.flush()
    kept = [len(str(value)) for _, value in tables.table("cloudwatch.series").scan()]
    assert len(kept) <= 4
    assert sum(kept) < 200_000
    found = series.periods(KEY, NOW - NOW % 60, NOW + 60, MINUTES.seconds)
    count = sum(values.count for units in found.values() for values in units.values())
    assert count == 120_000


def test_levels_follow_each_other() -> None:
    """Each level's chunk is made of whole buckets of the next one."""
    for fine, coarse in pairwise(LEVELS[1:]):
        assert fine.chunk % coarse.seconds == 0
        assert fine.kept < coarse.kept
