"""What waits to be recorded and evaluated: one entry for each table of an account and region.

Changes come in bursts, and one reading sees all of them. An entry therefore waits until nothing
has come for a moment, or for long; whoever asks for results takes what is due for him at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from landrail.localaws.services.config.asking import Place

_QUIET, _LONG = 0.5, 60.0
Tables = Mapping[str, "Wanted"]


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

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing waits; `clock` counts seconds."""
        self._clock = clock
        self._waiting: dict[Place, dict[str, Wanted]] = {}
        self._ready = threading.Condition()
        self._first = self._last = 0.0
        self._ended = False

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
            wanted.rules.add(rule)

    def daily(self, place: Place, table: str) -> None:
        """Have a table read because the day is over."""
        with self._entry(place, table) as wanted:
            wanted.daily = True

    def take(self, place: Place) -> Tables:
        """Take what waits of one place, at once."""
        with self._ready:
            return self._waiting.pop(place, {})

    def wait(self, longest: float) -> Iterator[tuple[Place, Tables]]:
        """Wait until what waits has waited enough, or for `longest` seconds; yield and take it."""
        with self._ready:
            end = self._clock() + longest
            while not self._ended and (left := self._left(end)) > 0:
                self._ready.wait(left)
            due = list(self._waiting) if self._is_due() else []
        for place in due:
            taken = self.take(place)
            if taken:
                yield place, taken

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
        return bool(self._waiting) and (
            self._ended or now - self._last >= _QUIET or now - self._first >= _LONG
        )

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
            yield self._waiting.setdefault(place, {}).setdefault(table, Wanted())
            self._ready.notify_all()
