"""The state that an alarm comes to from its most recent data points. Nothing here reads or writes.

Source: CloudWatch User Guide, "Alarm evaluation", "Configuring how CloudWatch alarms treat missing
data" with its two tables, and "Avoiding premature transitions to alarm state". Where the guide says
only what does not happen (one young breaching point among missing ones does not alarm), the state
is the one of its earlier edition: not enough data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
Treatment = Literal["missing", "ignore", "breaching", "notBreaching"]

EXTRA = 2
"""How many points more than its evaluation periods an alarm looks at."""


def judge(
    points: Sequence[bool | None], periods: int, needed: int, treatment: Treatment
) -> State | None:
    """Return the state, None where the current one is kept.

    `points` are those of the evaluation range, the newest first: whether each is breaching, None
    where it is missing; `periods` is N, `needed` M of "M out of N".
    """
    real = [point for point in points if point is not None]
    if len(real) >= periods:
        return _counted(sum(real[:periods]), needed)
    breaching = sum(real)
    if treatment == "breaching":
        return _counted(breaching + periods - len(real), needed)
    if treatment == "notBreaching" or breaching >= needed:
        return _counted(breaching, needed)
    if real and not all(real):
        return "OK"
    if treatment == "ignore":
        return None
    return "ALARM" if real and _oldest(points) >= needed else "INSUFFICIENT_DATA"


def _counted(breaching: int, needed: int) -> State:
    return "ALARM" if breaching >= needed else "OK"


def _oldest(points: Sequence[bool | None]) -> int:
    """How many points back the oldest real one lies, the newest counting as one."""
    return max(place for place, point in enumerate(points, 1) if point is not None)
