"""Times as requests give them and as CloudWatch writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_HOUR = 3_600
_DAY = 86_400


def seconds(given: Any) -> float:
    """Return seconds since the epoch of a time in a request; without a zone it is UTC."""
    if isinstance(given, datetime):
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).timestamp()
    return float(given)


def moment(at: float) -> datetime:
    """Return a time for an answer."""
    return datetime.fromtimestamp(at, UTC)


def text(at: float) -> str:
    """Return a time as it stands in events and reasons, `2019-10-02T17:04:40.989+0000`."""
    found = moment(at)
    return f"{found:%Y-%m-%dT%H:%M:%S}.{found.microsecond // 1000:03d}+0000"


def rounded(start: float, period: int, now: float) -> int:
    """Return where reading begins: AWS rounds a start down to a whole period under a minute, to
    whole minutes for 15 days, to five minutes for 63 days, to hours before."""
    age = now - start
    if age > 63 * _DAY:
        grain = _HOUR
    elif age > 15 * _DAY:
        grain = 300
    else:
        grain = min(period, 60)
    return int(start // grain * grain)
