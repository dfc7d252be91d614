"""When schedules come: rates and cron expressions as EventBridge writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landrail.schedules import Cron, ScheduleError, parse

FROM = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)

COMING = [
    ("rate(5 minutes)", "2026-01-15 10:35"),
    ("rate(1 day)", "2026-01-16 10:30"),
    ("cron(0 12 * * ? *)", "2026-01-15 12:00"),
    ("cron(15 10 ? * 6L 2026-2027)", "2026-01-30 10:15"),
    ("cron(0 18 ? * MON-FRI *)", "2026-01-15 18:00"),
    ("cron(0 8 1 * ? *)", "2026-02-01 08:00"),
    ("cron(0/15 * * * ? *)", "2026-01-15 10:45"),
    ("cron(0 9 L * ? *)", "2026-01-31 09:00"),
    ("cron(0 9 LW 2 ? *)", "2026-02-27 09:00"),
    ("cron(0 9 17W * ? *)", "2026-01-16 09:00"),
    ("cron(0 9 ? * 2#1 *)", "2026-02-02 09:00"),
    ("cron(0 9 ? DEC SUN *)", "2026-12-06 09:00"),
    ("cron(30 10 15 1 ? *)", "2027-01-15 10:30"),
    ("cron(0 0 29 2 ? *)", "2028-02-29 00:00"),
]
WRONG = [
    *("rate(1 minutes)", "rate(5 minute)", "rate(0 minutes)", "rate(5 weeks)", "every day", ""),
    *("cron(0 12 * * * *)", "cron(0 12 ? * ? *)", "cron(0 12 * *)", "cron(60 12 * * ? *)"),
    *("cron(0 12 ? * MON#6 *)", "cron(0 12 ? FOO * *)", "cron(0 12 9-3 * ? *)"),
    *("cron(0 12 * * ? 1960)", "cron(0 24 * * ? *)", "cron(a b c d ? f)"),
]


@pytest.mark.parametrize(("expression", "when"), COMING)
def test_a_schedule_comes(expression: str, when: str) -> None:
    wanted = datetime.strptime(when, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert parse(expression).after(FROM) == wanted


@pytest.mark.parametrize("expression", WRONG)
def test_what_is_no_schedule(expression: str) -> None:
    with pytest.raises(ScheduleError):
        parse(expression)


def test_a_schedule_that_never_comes_again() -> None:
    assert parse("cron(0 0 1 1 ? 2020)").after(FROM) is None


@settings(max_examples=60)
@given(
    st.integers(0, 59),
    st.integers(0, 23),
    st.sampled_from(["* * ?", "? * MON-FRI", "L * ?", "1,15 * ?", "? * 3#2", "? JAN-MAR 7L"]),
    st.integers(0, 500_000),
)
def test_the_next_time_is_the_first_that_matches(
    minute: int, hour: int, days: str, ahead: int
) -> None:
    cron = parse(f"cron({minute} {hour} {days} *)")
    assert isinstance(cron, Cron)
    start = FROM + timedelta(minutes=ahead)
    found = cron.after(start)
    assert found is not None
    assert cron.matches(found)
    assert found > start
    day = start
    while day.date() < found.date():
        at = day.replace(hour=hour, minute=minute)
        assert at <= start or not cron.matches(at)
        day += timedelta(days=1)
