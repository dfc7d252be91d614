"""Rules with a schedule: when each is next due, in one thread that waits for the soonest.

A rate counts from when its rule was made or enabled. What was due while the local AWS did not run
is not made up for.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiError, Completed
from landrail.localaws.store import Tables
from landrail.schedules import Rate, ScheduleError, parse

Fire = Callable[[str, str, str], None]
_LONGEST = 3600.0
_CHANGES = ("PutRule", "DeleteRule", "EnableRule", "DisableRule")


class Schedules:
    """The schedules of all accounts' rules; `fire` is told account, region and name of one that is
    due."""

    def __init__(self, tables: Tables, fire: Fire) -> None:
        self._table = tables.table("events.schedules")
        self._fire = fire
        self._changed = threading.Condition()
        self._due: dict[tuple[str, ...], float] = {}
        self._ended = False

    def start(self) -> None:
        """Begin to watch the time."""
        now = time.time()
        for key, record in self._table.scan():
            self._plan(key, record, now)
        threading.Thread(target=self._run, name="schedules", daemon=True).start()

    def stop(self) -> None:
        """End."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def completed(self, event: Completed) -> None:
        """Keep what a call says about the schedule of a rule."""
        call = event.call
        if call.operation not in _CHANGES:
            return
        key = (call.account, call.region, str(call.params["Name"]))
        record = self._table.get(*key)
        if call.operation == "PutRule":
            expression = call.params.get("ScheduleExpression")
            record = _put(record, expression, call.params.get("State")) if expression else None
        elif call.operation == "DeleteRule":
            record = None
        elif record is not None:
            state = "ENABLED" if call.operation == "EnableRule" else "DISABLED"
            record = _put(record, record["expression"], state)
        with self._changed:
            self._due.pop(key, None)
            if record is None:
                self._table.delete(*key)
            else:
                self._table.put(*key, value=record)
                self._plan(key, record, time.time())
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._ended:
                    return
                now = time.time()
                ripe = [key for key, due in self._due.items() if due <= now]
                for key in ripe:
                    self._plan(key, self._table.get(*key), now)
                if not ripe:
                    left = min(self._due.values(), default=now + _LONGEST) - now
                    self._changed.wait(min(left, _LONGEST))
            for account, region, name in ripe:
                self._fire(account, region, name)

    def _plan(self, key: tuple[str, ...], record: Mapping[str, Any] | None, now: float) -> None:
        self._due.pop(key, None)
        if record is not None and record["enabled"]:
            due = _next(record["expression"], record["since"], now)
            if due is not None:
                self._due[key] = due


def check(expression: str) -> None:
    """Raise ApiError for an expression that is none."""
    try:
        parse(expression)
    except ScheduleError as error:
        raise ApiError(
            "ValidationException",
            f"Parameter ScheduleExpression is not valid. Reason: {expression}: {error}.",
        ) from error


def _put(before: Mapping[str, Any] | None, expression: str, state: str | None) -> dict[str, Any]:
    enabled = state != "DISABLED"
    same = before is not None and before["expression"] == expression and before["enabled"]
    since = before["since"] if before is not None and same and enabled else time.time()
    return {"expression": expression, "enabled": enabled, "since": since}


def _next(expression: str, since: float, now: float) -> float | None:
    schedule = parse(expression)
    if isinstance(schedule, Rate):
        rounds = math.floor((now - since) / schedule.seconds) + 1
        return since + rounds * schedule.seconds
    found = schedule.after(datetime.fromtimestamp(now, UTC))
    return found.timestamp() if found else None
