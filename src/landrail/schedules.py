"""Schedules as AWS writes them: `rate(5 minutes)`, `cron(0 9 ? * MON-FRI *)`, and when they come.

A cron expression has minutes, hours, day of month, month, day of week and year. Nothing here has a
clock: times come in, times go out, in whatever time zone they carry.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
_RATE = re.compile(r"rate\(\s*(\d+)\s+(minute|minutes|hour|hours|day|days)\s*\)\Z")
_CRON = re.compile(r"cron\((.*)\)\Z")
_UNITS = {"minute": 60, "hour": 3600, "day": 86400}
_YEARS = (1970, 2199)
_HORIZON = 366 * 12


class ScheduleError(Exception):
    """What is wrong with an expression."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Every so many seconds."""

    seconds: int

    def after(self, moment: datetime) -> datetime | None:
        """Return the next time after one at which it came."""
        return moment + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Cron:
    """The minutes that an expression names. The days are texts: what they mean depends on the
    month."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: str
    months: frozenset[int]
    weekdays: str
    years: frozenset[int]

    def matches(self, moment: datetime) -> bool:
        """Say whether a time lies in one of the minutes."""
        at = (moment.minute in self.minutes, moment.hour in self.hours)
        return all(at) and self._day(moment)

    def after(self, moment: datetime) -> datetime | None:
        """Return the first minute after a time, or None where none comes within twelve years."""
        start = moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for ahead in range(_HORIZON):
            day = start + timedelta(days=ahead)
            if not self._day(day):
                continue
            first = (start.hour, start.minute) if ahead == 0 else (0, 0)
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    if (hour, minute) >= first:
                        return day.replace(hour=hour, minute=minute)
        return None

    def _day(self, moment: datetime) -> bool:
        if moment.month not in self.months or moment.year not in self.years:
            return False
        if self.days == "?":
            return moment.day in _weekdays(self.weekdays, moment.year, moment.month)
        return moment.day in _days(self.days, moment.year, moment.month)


def parse(expression: str) -> Rate | Cron:
    """Return a schedule; raises ScheduleError."""
    rate = _RATE.match(expression)
    if rate:
        number, unit = int(rate[1]), rate[2]
        if number < 1 or (number == 1) == unit.endswith("s"):
            raise ScheduleError("a rate is `1 minute` or more than one `minutes`")
        return Rate(number * _UNITS[unit.removesuffix("s")])
    cron = _CRON.match(expression)
    if cron is None:
        raise ScheduleError("it is neither rate(...) nor cron(...)")
    return parse_cron(cron[1].split())


def parse_cron(fields: list[str]) -> Cron:
    """Return what six fields say; raises ScheduleError."""
    if len(fields) != 6:
        raise ScheduleError(f"it has {len(fields)} fields, six are needed")
    minutes, hours, days, months, weekdays, years = (field.upper() for field in fields)
    if (days == "?") == (weekdays == "?"):
        raise ScheduleError("one of day of month and day of week must be `?`")
    found = Cron(
        _numbers(minutes, 0, 59),
        _numbers(hours, 0, 23),
        days,
        _numbers(months, 1, 12, _MONTHS, 1),
        weekdays,
        _numbers(years, *_YEARS),
    )
    # A leap year's February asks for every way a day can be written.
    _days(days, 2024, 2)
    _weekdays(weekdays, 2024, 2)
    return found


def _numbers(
    field: str, low: int, high: int, names: list[str] | None = None, first: int = 0
) -> frozenset[int]:
    found: set[int] = set()
    for part in field.split(","):
        body, slash, step_text = part.partition("/")
        step = _number(step_text, 1, high) if slash else 1
        if body == "*":
            start, end = low, high
        elif "-" in body:
            left, _, right = body.partition("-")
            start, end = (
                _named(left, low, high, names, first),
                _named(right, low, high, names, first),
            )
            if start > end:
                raise ScheduleError(f"`{body}` runs backwards")
        else:
            start = _named(body, low, high, names, first)
            end = high if slash else start
        found.update(range(start, end + 1, step))
    return frozenset(found)


def _named(text: str, low: int, high: int, names: list[str] | None, first: int) -> int:
    if names and text in names:
        return names.index(text) + first
    return _number(text, low, high)


def _number(text: str, low: int, high: int) -> int:
    if not text.isdigit() or not low <= int(text) <= high:
        raise ScheduleError(f"`{text}` is not a number from {low} to {high}")
    return int(text)


def _days(field: str, year: int, month: int) -> frozenset[int]:
    """The days of a month: numbers, `L` its last, `15W` the weekday nearest to it."""
    last = calendar.monthrange(year, month)[1]
    if field in ("?", "*"):
        return frozenset(range(1, last + 1))
    found: set[int] = set()
    for part in field.split(","):
        if part == "L":
            found.add(last)
        elif part == "LW":
            found.add(_nearest(year, month, last, last))
        elif part.endswith("W"):
            found.add(_nearest(year, month, min(_number(part[:-1], 1, 31), last), last))
        else:
            found.update(day for day in _numbers(part, 1, 31) if day <= last)
    return frozenset(found)


def _nearest(year: int, month: int, day: int, last: int) -> int:
    weekday = calendar.weekday(year, month, day)
    if weekday == 5:
        return day - 1 if day > 1 else day + 2
    if weekday == 6:
        return day + 1 if day < last else day - 2
    return day


def _weekdays(field: str, year: int, month: int) -> frozenset[int]:
    """The days of a month by their weekday, 1 Sunday to 7 Saturday: `2#1` the first Monday, `6L`
    the last Friday."""
    last = calendar.monthrange(year, month)[1]
    if field in ("?", "*"):
        return frozenset(range(1, last + 1))
    by_weekday: dict[int, list[int]] = {number: [] for number in range(1, 8)}
    for day in range(1, last + 1):
        by_weekday[(calendar.weekday(year, month, day) + 1) % 7 + 1].append(day)
    found: set[int] = set()
    for part in field.split(","):
        name, mark, number = part.partition("#")
        if mark:
            days = by_weekday[_named(name, 1, 7, _DAYS, 1)]
            at = _number(number, 1, 5)
            found.update(days[at - 1 : at])
        elif part == "L":
            found.update(by_weekday[7])
        elif part.endswith("L"):
            found.add(by_weekday[_named(part[:-1], 1, 7, _DAYS, 1)][-1])
        else:
            for weekday in _numbers(part, 1, 7, _DAYS, 1):
                found.update(by_weekday[weekday])
    return frozenset(found)
