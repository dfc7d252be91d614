"""What has happened to alarms: kept for thirty days, also of alarms that are gone."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.services.cloudwatch.moments import moment
from landrail.localaws.store import Tables

_KEPT = 30 * 86_400
_SWEPT = 3_600.0
_LATEST = "9" * 16


class History:
    """The items of all alarms."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("cloudwatch.history")
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._swept = 0.0

    def add(
        self,
        account: str,
        region: str,
        alarm: Mapping[str, Any],
        kind: str,
        summary: str,
        data: Mapping[str, Any],
    ) -> None:
        """Write an item of a kind (`ConfigurationUpdate`, `StateUpdate`, `Action`)."""
        now = time.time()
        name = str(alarm["settings"]["AlarmName"])
        item = {
            "AlarmName": name,
            "AlarmType": alarm["kind"],
            "Timestamp": now,
            "HistoryItemType": kind,
            "HistorySummary": summary,
            "HistoryData": json.dumps({"version": "1.0", **data}, separators=(",", ":")),
        }
        with self._lock:
            key = f"{int(now * 1000):016d}", f"{next(self._numbers):09d}"
        self._table.put(account, region, *key, value=item)
        self._sweep(account, region, now)

    def items(self, account: str, region: str, begin: float, end: float) -> Iterator[Any]:
        """Yield the items from `begin` to `end`, the oldest first."""
        first = f"{int(max(begin, 0.0) * 1000):016d}"
        last = min(f"{int(min(end, 1e12) * 1000):016d}", _LATEST)
        for _, item in self._table.span(account, region, first=first, last=last):
            yield {**item, "Timestamp": moment(item["Timestamp"])}

    def _sweep(self, account: str, region: str, now: float) -> None:
        with self._lock:
            if now - self._swept < _SWEPT:
                return
            self._swept = now
        oldest = f"{int((now - _KEPT) * 1000):016d}"
        for key, _ in list(self._table.span(account, region, first="0", last=oldest)):
            self._table.delete(*key)
