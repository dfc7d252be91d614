"""What is due by the clock: periodic rules by their frequency, and the day's recording."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.catalogue import tables
from landrail.localaws.api import ApiError
from landrail.localaws.services.config.asking import Place
from landrail.localaws.services.config.backlog import Backlog
from landrail.localaws.services.config.recorders import DAILY, Recorders
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.results import Results
from landrail.localaws.services.config.sources import every, recorded_as, tables_of, triggers

_DAY = 86_400.0
_AGAIN = 600.0
"""Seconds after which a rule that could not be evaluated is tried again."""


class Schedule:
    """Puts what is due on the backlog."""

    def __init__(
        self, results: Results, records: Records, recorders: Recorders, backlog: Backlog
    ) -> None:
        """Look at the rules of `results` and the readings of `records`."""
        self._results, self._records = results, records
        self._recorders, self._backlog = recorders, backlog

    def look(self, seconds: float) -> None:
        """Have done what is due at a time, in seconds since the epoch."""
        for place, table, rule in self._rules(seconds):
            self._backlog.asked(place, table, rule)
        for place, table in self._days(seconds):
            self._backlog.daily(place, table)

    def _rules(self, seconds: float) -> Iterator[tuple[Place, str, str]]:
        for place in self._results.places():
            for rule in self._results.rules(*place):
                since = rule.get("_invoked") or rule["_activated"]
                periodic = "periodic" in triggers(rule) and seconds - since >= every(rule)
                if periodic or (rule.get("_error") and seconds - since >= _AGAIN):
                    for table in tables_of(rule):
                        yield place, table, rule["ConfigRuleName"]

    def _days(self, seconds: float) -> Iterator[tuple[Place, str]]:
        for place in self._recorders.places():
            try:
                recording = self._recorders.of(place)
            except ApiError:
                continue
            for table in tables().values():
                if any(recording.frequency(kind) == DAILY for kind in recorded_as(table)):
                    last = self._records.last_read(place, table.name)
                    if last is not None and seconds - last >= _DAY:
                        yield place, table.name
