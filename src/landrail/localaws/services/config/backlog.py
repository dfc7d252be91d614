"""What waits to be recorded and evaluated: one entry for each table of an account and region.

Changes come in bursts, and one reading sees all of them. An entry therefore waits until nothing
has come for a moment, or for long; whoever asks for results takes what is due for him at once.
What waits is kept until it was done, so that an end of the server loses none.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from landrail.localaws.services.config.asking import Place
from landrail.localaws.store.tables import Tables

_QUIET, _LONG = 0.5, 60.0
Waiting = Mapping[str, "Wanted"]
"""What is wanted of one place, by table."""


@dataclass(slots=True)
class Wanted:
    """What is wanted of a table: what `changed` by its ids (None: perhaps everything), the `rules`
    that are asked for by name, and whether the day's reading is due."""

    changed: set[str] | None = field(default_factory=set)
    rules: set[str] = field(default_factory=set)
    daily: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether something has changed."""
        return self.changed is None or bool(self.changed)

    @property
    def ids(self) -> set[str] | None:
        """The resources to read, None for all."""
        return None if self.rules or self.daily else self.changed


class Backlog:
    """The entries that wait, by place and table."""

    def __init__(self, kept: Tables, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep entries in the table `config.waiting`; `clock` counts seconds."""
        self._clock = clock
        self._kept = kept.table("config.waiting")
        self._waiting: dict[Place, dict[str, Wanted]] = {}
        self._ready = threading.Condition()
        self._first = self._last = 0.0
        self._ended = False

    def load(self) -> None:
        """Take up what waited when the last server ended."""
        for (account, region, table), rules in self._kept.scan():
            with self._entry((account, region), table) as wanted:
                wanted.changed = None
                wanted.rules.update(rules)

    def changed(self, place: Place, table: str, resource_id: str | None = None) -> None:
        """Have a table read again, or the row of one resource of it."""
        with self._entry(place, table) as wanted:
            if resource_id is None:
                wanted.changed = None
            elif wanted.changed is not None:
                wanted.changed.add(resource_id)

    def asked(self, place: Place, table: str, rule: str) -> None:
        """Have a rule evaluated over a table."""
        with self._entry(place, table) as wanted:
            if rule not in wanted.rules:
                wanted.rules.add(rule)
                self._kept.put(*place, table, value=sorted(wanted.rules))

    def daily(self, place: Place, table: str) -> None:
        """Have a table read because the day is over."""
        with self._entry(place, table) as wanted:
            wanted.daily = True

    def take(self, place: Place) -> Waiting:
        """Take what waits of one place, at once."""
        with self._ready:
            return self._waiting.pop(place, {})

    def done(self, place: Place, table: str) -> None:
        """Forget an entry that was taken and worked off, where none has come again."""
        with self._ready:
            if table not in self._waiting.get(place, {}):
                self._kept.delete(*place, table)

    def wait(self, longest: float) -> Iterator[Place]:
        """Wait until what waits has waited enough, or for `longest` seconds; yield where it is."""
        with self._ready:
            end = self._clock() + longest
            while not self._ended and (left := self._left(end)) > 0:
                self._ready.wait(left)
            due = list(self._waiting) if self._is_due() else []
            if due:
                # What comes while this is worked off waits its own while.
                self._first = self._clock()
        for place in due:
            if self._ended:
                return
            yield place

    def end(self) -> None:
        """Let nobody wait any more."""
        with self._ready:
            self._ended = True
            self._ready.notify_all()

    @property
    def ended(self) -> bool:
        """Whether nobody waits any more."""
        return self._ended

    def _is_due(self) -> bool:
        now = self._clock()
        quiet, long = now - self._last >= _QUIET, now - self._first >= _LONG
        return bool(self._waiting) and (quiet or long)

    def _left(self, end: float) -> float:
        if self._is_due():
            return 0.0
        now = self._clock()
        if not self._waiting:
            return end - now
        return min(end, self._last + _QUIET, self._first + _LONG) - now

    @contextmanager
    def _entry(self, place: Place, table: str) -> Iterator[Wanted]:
        with self._ready:
            now = self._clock()
            if not self._waiting:
                self._first = now
            self._last = now
            tables = self._waiting.setdefault(place, {})
            if table not in tables:
                tables[table] = Wanted()
                self._kept.insert(*place, table, value=[])
            yield tables[table]
            self._ready.notify_all()
