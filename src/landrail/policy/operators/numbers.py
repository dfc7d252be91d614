"""The numeric and date operators: a number on each side, compared.

Dates are ISO 8601 as the W3C profiles it (`2026-01-31T10:00:00Z`, down to a bare year) or seconds
since the epoch. Values that cannot be read are an error in a policy and no match in a request.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone

from landrail.policy.glob import Lookup
from landrail.policy.operators.base import Operator, Test

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)
_DATE = re.compile(
    r"(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(?P<fraction>\.\d+)?)?"
    r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?\Z",
    re.ASCII,
)


def read_number(text: str) -> float | int:
    """Return the number written in `text`; raises ValueError."""
    if not _NUMBER.match(text.strip()):
        raise ValueError(f"`{text}` is not a number")
    try:
        return int(text)
    except ValueError:
        return float(text)


def read_date(text: str) -> float:
    """Return seconds since the epoch; raises ValueError."""
    if _is_usual(text):
        try:
            return datetime.fromisoformat(text).timestamp()
        except ValueError:
            raise ValueError(f"`{text}` is not a date") from None
    found = _DATE.match(text.strip())
    if found is None:
        return _epoch(text)
    if len(text.strip()) == len("2026") and int(text) > _LAST_YEAR:
        return float(text)
    get = found.groupdict
    whole = datetime(
        int(found["year"]),
        int(get()["month"] or 1),
        int(get()["day"] or 1),
        int(get()["hour"] or 0),
        int(get()["minute"] or 0),
        int(get()["second"] or 0),
        tzinfo=_zone(found["zone"]),
    )
    return whole.timestamp() + float(found["fraction"] or 0)


_LAST_YEAR = 9999


def _is_usual(text: str) -> bool:
    """Whether it is written like `2026-01-31T10:00:00Z`, as most dates are: the standard library
    reads that fastest."""
    return (
        len(text) == 20
        and text[4] == text[7] == "-"
        and text[10] == "T"
        and text[13] == text[16] == ":"
        and text[19] == "Z"
    )


def _epoch(text: str) -> float:
    try:
        seconds = float(read_number(text))
    except (ValueError, OverflowError):
        raise ValueError(f"`{text}` is not a date (ISO 8601) nor seconds since 1970") from None
    if not math.isfinite(seconds):
        raise ValueError(f"`{text}` is not a date")
    return seconds


def _zone(text: str | None) -> timezone:
    if text is None or text == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def _compare(
    read: Callable[[str], float], holds: Callable[[float, float], bool]
) -> Callable[[Sequence[str], bool], Test]:
    def compile_values(values: Sequence[str], _variables: bool) -> Test:
        wanted = [read(value) for value in values]

        def test(actual: str, _lookup: Lookup) -> bool | None:
            try:
                number = read(actual)
            except (ValueError, OverflowError):
                return None
            return any(holds(number, value) for value in wanted)

        return test

    return compile_values


def _family(prefix: str, read: Callable[[str], float]) -> tuple[Operator, ...]:
    return (
        Operator(f"{prefix}Equals", _compare(read, operator.eq)),
        Operator(f"{prefix}NotEquals", _compare(read, operator.eq), negated=True),
        Operator(f"{prefix}LessThan", _compare(read, operator.lt)),
        Operator(f"{prefix}LessThanEquals", _compare(read, operator.le)),
        Operator(f"{prefix}GreaterThan", _compare(read, operator.gt)),
        Operator(f"{prefix}GreaterThanEquals", _compare(read, operator.ge)),
    )


NUMBERS = _family("Numeric", read_number)
DATES = _family("Date", read_date)
