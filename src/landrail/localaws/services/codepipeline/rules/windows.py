"""DeploymentWindow: waits until the time is one that a cron expression names.

The expression has seconds first, which AWS takes no notice of, and may leave the year out.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from landrail.localaws.services.codepipeline.actions.task import Outcome, Task
from landrail.schedules import Cron, ScheduleError, parse_cron

_LOOK = 20.0


def wrong(expression: str, zone: str | None) -> str | None:
    """Return what is wrong with an expression or a time zone, or None."""
    try:
        _parse(expression)
        _zone(zone)
    except ScheduleError as error:
        return str(error)
    return None


def window(task: Task) -> Outcome:
    """Wait for the window; the rule's own time may end before."""
    cron = _parse(task.configuration["Cron"])
    zone = _zone(task.configuration.get("TimeZone"))
    while not cron.matches(datetime.fromtimestamp(time.time(), UTC).astimezone(zone)):
        task.wait(_LOOK)
    return Outcome(summary="The deployment window is open")


def _parse(expression: str) -> Cron:
    fields = expression.split()
    if len(fields) not in (6, 7):
        raise ScheduleError(f"Cron has {len(fields)} fields, six or seven are needed")
    try:
        return parse_cron([*fields[1:6], *(fields[6:] or ["*"])])
    except ScheduleError as error:
        raise ScheduleError(f"Cron: {error}") from error


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ScheduleError(f"TimeZone {name} is not known") from error
