"""The alarms there are: a document each, and every change of state with what is to follow from it.

A change is written together with what it still has to tell (`untold`), and a composite alarm that
is put together with the word that nobody has looked at it yet (`unseen`): a server that is killed
in between does so after its next start.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.store import Tables

Record = dict[str, Any]
_CREATED = "Unchecked: Initial alarm creation"


@dataclass(frozen=True, slots=True)
class Key:
    """Which alarm."""

    account: str
    region: str
    name: str

    @property
    def arn(self) -> str:
        """Its ARN."""
        return f"arn:aws:cloudwatch:{self.region}:{self.account}:alarm:{self.name}"

    @property
    def parts(self) -> tuple[str, str, str]:
        """The key of its document."""
        return self.account, self.region, self.name


class Book:
    """All alarms, in memory as they are kept. `changed` hears of those that are new, differ or
    have something to tell."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._table = tables.table("cloudwatch.alarms")
        self._lock = threading.RLock()
        self._alarms: dict[Key, Record] = {}
        self.changed: Callable[[Key], None] = lambda _: None

    def start(self) -> None:
        """Read them all."""
        for parts, record in self._table.scan():
            self._alarms[Key(*parts)] = record

    def get(self, key: Key) -> Record | None:
        """Return an alarm; it is not to be changed."""
        with self._lock:
            return self._alarms.get(key)

    def all(
        self, account: str | None = None, region: str | None = None
    ) -> list[tuple[Key, Record]]:
        """Return the alarms of a place, by name; without one, all."""
        with self._lock:
            found = [
                (key, record)
                for key, record in self._alarms.items()
                if account in (None, key.account) and region in (None, key.region)
            ]
        return sorted(found, key=lambda one: one[0].parts)

    def configure(
        self, key: Key, kind: str, settings: Mapping[str, Any], tags: Mapping[str, str]
    ) -> bool:
        """Make an alarm or give it other settings; its state stays. Say whether it is new."""
        now = time.time()
        with self._lock:
            old = self._alarms.get(key)
            record: Record = {
                "kind": kind,
                "settings": dict(settings),
                "configured": now,
                "state": old["state"] if old else _state("INSUFFICIENT_DATA", _CREATED, "", now),
                "since": old["since"] if old else now,
                "tags": old["tags"] if old else dict(tags),
                "untold": old["untold"] if old else [],
                "unseen": kind == "CompositeAlarm",
            }
            self._keep(key, record)
        self.changed(key)
        return old is None

    def amend(self, key: Key, change: Callable[[Record], Record]) -> None:
        """Change the settings or tags of an alarm that is there."""
        with self._lock:
            record = self._alarms.get(key)
            if record is not None:
                self._keep(key, change(record))

    def enter(
        self,
        key: Key,
        value: str,
        reason: str,
        data: str,
        *,
        only_from: Mapping[str, Any] | None = None,
        by_hand: bool = False,
    ) -> bool:
        """Put an alarm into a state (`only_from` one, if that is given); say whether it was in
        another one. Where it was not, its reason stays, unless one is or was set by hand."""
        now = time.time()
        with self._lock:
            record = self._alarms.get(key)
            if record is None or only_from not in (None, record["state"]):
                return False
            new = _state(value, reason, data, now) | ({"by_hand": True} if by_hand else {})
            if by_hand:
                record = {**record, "unseen": False}
            if record["state"]["value"] == value:
                if by_hand or record["state"].get("by_hand"):
                    self._keep(key, {**record, "state": new})
                return False
            transition = {"id": str(uuid.uuid4()), "old": record["state"], "new": new}
            untold = [*record["untold"], transition]
            self._keep(key, {**record, "state": new, "since": now, "untold": untold})
        self.changed(key)
        return True

    def seen(self, key: Key, looked_at: Record) -> None:
        """An alarm has been looked at as it was put."""
        with self._lock:
            record = self._alarms.get(key)
            if record is not None and record["configured"] == looked_at["configured"]:
                self._keep(key, {**record, "unseen": False})

    def told(self, key: Key, transition: str) -> None:
        """All that follows from a change of state has been done."""
        with self._lock:
            record = self._alarms.get(key)
            if record is not None:
                left = [one for one in record["untold"] if one["id"] != transition]
                self._keep(key, {**record, "untold": left})

    def delete(self, key: Key) -> None:
        """Remove an alarm."""
        with self._lock:
            self._table.delete(*key.parts)
            self._alarms.pop(key, None)
        self.changed(key)

    def _keep(self, key: Key, record: Record) -> None:
        self._table.put(*key.parts, value=record)
        self._alarms[key] = record


def _state(value: str, reason: str, data: str, at: float) -> Record:
    return {"value": value, "reason": reason, "data": data, "at": at}
