"""Looks at each metric alarm when it is due, at composite alarms when others change, and tells.

One thread, which sleeps until the soonest alarm is due; without alarms it sleeps. Composite alarms
and what changes have to tell come before it sleeps again.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.cloudwatch.alarms import rule
from landrail.localaws.services.cloudwatch.alarms.book import Book, Key, Record
from landrail.localaws.services.cloudwatch.alarms.evaluate import GRACE, evaluate, step
from landrail.localaws.services.cloudwatch.alarms.family import child_of, children
from landrail.localaws.services.cloudwatch.alarms.history import History
from landrail.localaws.services.cloudwatch.alarms.telling import tell
from landrail.localaws.services.cloudwatch.moments import text
from landrail.localaws.services.cloudwatch.series import Series

_JOIN = 5.0
_RETRY = 5.0
_log = logging.getLogger(__name__)


class Watch:
    """Watches the alarms of a book."""

    def __init__(self, platform: Platform, book: Book, series: Series, history: History) -> None:
        self._platform = platform
        self._book = book
        self._series = series
        self._history = history
        self._condition = threading.Condition()
        self._due: dict[Key, float] = {}
        self._touched: set[Key] = set()
        self._ended = False
        self._thread: threading.Thread | None = None
        book.changed = self._changed

    def start(self) -> None:
        """Begin, with all alarms due."""
        now = time.time()
        for key, record in self._book.all():
            if record["kind"] == "MetricAlarm":
                self._due[key] = now
            if record["untold"] or record.get("unseen"):
                self._touched.add(key)
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End."""
        with self._condition:
            self._ended = True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=_JOIN)

    def configured(self, key: Key) -> None:
        """An alarm is new or has other settings: it is looked at now."""
        record = self._book.get(key)
        with self._condition:
            if record is not None and record["kind"] == "MetricAlarm":
                self._due[key] = time.time()
            self._touched.add(key)
            self._condition.notify_all()

    def postpone(self, key: Key) -> None:
        """The state of an alarm was set by hand: it stays for as long as two looks are apart."""
        record = self._book.get(key)
        with self._condition:
            if record is not None and key in self._due:
                self._due[key] = time.time() + step(record["settings"])

    def _changed(self, key: Key) -> None:
        with self._condition:
            self._touched.add(key)
            self._condition.notify_all()

    def _run(self) -> None:
        while True:
            with self._condition:
                now = time.time()
                ripe = [key for key, due in self._due.items() if due <= now]
                while not (self._ended or ripe or self._touched):
                    soonest = min(self._due.values(), default=None)
                    self._condition.wait(None if soonest is None else max(soonest - now, 0.0))
                    now = time.time()
                    ripe = [key for key, due in self._due.items() if due <= now]
                if self._ended:
                    return
                touched, self._touched = self._touched, set()
            try:
                self._look(ripe, touched)
            except ApiError:
                _log.exception("alarms could not be kept; they are looked at again")
                self._again(ripe, touched)

    def _look(self, ripe: list[Key], touched: set[Key]) -> None:
        for key in ripe:
            self._metric(key)
        # Before the changes are told: what is still to be told is looked at again after a kill.
        for place in {(key.account, key.region) for key in touched}:
            self._composites(*place, touched)
        for key in touched:
            self._tell(key)

    def _tell(self, key: Key) -> None:
        record = self._book.get(key)
        if record is not None:
            for change in record["untold"]:
                tell(self._platform, self._history, key, record, change)
                self._book.told(key, change["id"])

    def _again(self, ripe: list[Key], touched: set[Key]) -> None:
        """Nothing could be written: not at once again."""
        with self._condition:
            self._condition.wait(_RETRY)
            self._due |= dict.fromkeys(ripe, time.time())
            self._touched |= touched

    def _metric(self, key: Key) -> None:
        record = self._book.get(key)
        now = time.time()
        with self._condition:
            if record is None or record["kind"] != "MetricAlarm":
                self._due.pop(key, None)
                return
            every = step(record["settings"])
            self._due[key] = ((now - GRACE) // every + 1) * every + GRACE
        found = evaluate(record["settings"], key.account, key.region, self._series, now)
        if found.state is not None:
            self._book.enter(key, found.state, found.reason, found.data, only_from=record["state"])

    def _composites(self, account: str, region: str, touched: set[Key]) -> None:
        """Look at the composite alarms of a place that were put, or name an alarm that was touched.
        One that changes touches those above it; one that was set by hand stays until then."""
        for key, record in self._book.all(account, region):
            if record["kind"] == "CompositeAlarm" and (
                record.get("unseen") or not touched.isdisjoint(children(key, record))
            ):
                self._composite(key, record)

    def _composite(self, key: Key, record: Record) -> None:
        found = rule.parse(record["settings"]["AlarmRule"])
        there = {
            child: one
            for child in children(key, record)
            if (one := self._book.get(child)) is not None
        }
        states = {child: str(one["state"]["value"]) for child, one in there.items()}
        holds = rule.holds(found, lambda name: states.get(child_of(key, name)))
        wanted = "ALARM" if holds else "OK"
        if record["state"]["value"] != wanted:
            self._book.enter(key, wanted, *_because(there), only_from=record["state"])
        if record.get("unseen"):
            self._book.seen(key, record)


def _because(there: Mapping[Key, Record]) -> tuple[str, str]:
    """The reason: which of the alarms changed last."""
    if not there:
        return "The rule of the alarm names no alarm that is there.", ""
    last, record = max(there.items(), key=lambda one: float(one[1]["since"]))
    state = record["state"]
    at = datetime.fromtimestamp(record["since"], UTC)
    reason = f"{last.arn} transitioned to {state['value']} at {at:%A %d %B, %Y %H:%M:%S} UTC"
    triggering = [
        {
            "arn": child.arn,
            "state": {"value": each["state"]["value"], "timestamp": text(each["since"])},
        }
        for child, each in there.items()
    ]
    return reason, json.dumps({"triggeringAlarms": triggering}, separators=(",", ":"))
