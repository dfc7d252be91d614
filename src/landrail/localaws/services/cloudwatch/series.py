"""The values of metrics over time, in buckets: what is put, what is read, what is let go.

A value is added to the bucket of its second (for three hours, if it came with high resolution) and
to that of its minute (for 15 days); minutes become buckets of five minutes (63 days), those become
hours (455 days), as CloudWatch keeps them. Buckets lie in chunks, one document each. What was put
in the last second is in memory alone until `flush`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from landrail.localaws.services.cloudwatch.distribution import Distribution
from landrail.localaws.store import Tables

_DAY = 86_400
_HOUR = 3_600
_REMEMBERED = 512


class Level(NamedTuple):
    """Buckets of `seconds`, in chunks of `chunk` seconds, kept for `kept` seconds."""

    seconds: int
    chunk: int
    kept: int


FINE = Level(1, 30, 3 * _HOUR)
MINUTES = Level(60, 300, 15 * _DAY)
LEVELS = (FINE, MINUTES, Level(300, _HOUR, 63 * _DAY), Level(_HOUR, _DAY, 455 * _DAY))
LONGEST = LEVELS[-1].kept


class Place(NamedTuple):
    """Where a chunk lies."""

    key: str
    level: Level
    start: int

    def parts(self) -> tuple[str, str, str]:
        """Return it as the key of a document."""
        return self.key, f"{self.level.seconds:04d}", _moment(self.start)


class Bucket(NamedTuple):
    """The values of one unit that came in the `seconds` from `start`."""

    start: int
    unit: str
    values: Distribution


Chunk = dict[tuple[int, str], Distribution]
Units = dict[str, Distribution]


class Series:
    """The values of all metrics, by their keys."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._table = tables.table("cloudwatch.series")
        self._lock = threading.RLock()
        self._chunks: OrderedDict[Place, Chunk] = OrderedDict()
        self._changed: set[Place] = set()

    def add(self, key: str, moment: float, unit: str, values: Distribution, fine: bool) -> None:
        """Take values that came at a moment."""
        with self._lock:
            for level in (FINE, MINUTES) if fine else (MINUTES,):
                place = _place(key, level, int(moment))
                self._add(self._chunk(place), level, int(moment), unit, values)
                self._changed.add(place)

    def flush(self) -> bool:
        """Make all that was put durable; say whether there was anything. Raises ApiError, and
        keeps it for the next time, where it cannot be written."""
        with self._lock:
            if not self._changed:
                return False
            with self._tables.together():
                for place in self._changed:
                    self._table.put(*place.parts(), value=_plain(self._chunks[place]))
            self._changed.clear()
            while len(self._chunks) > _REMEMBERED:
                self._chunks.popitem(last=False)
            return True

    def periods(self, key: str, begin: int, end: int, length: int) -> dict[int, Units]:
        """Return what came from `begin` up to before `end`, by the beginnings of periods of this
        length that are counted from `begin`. Of several levels no two hold the same value."""
        found: dict[int, Units] = {}
        with self._lock:
            for bucket in self._buckets(key, begin, end, length):
                start = bucket.start - (bucket.start - begin) % length
                units = found.setdefault(start, {})
                units.setdefault(bucket.unit, Distribution()).merge(bucket.values)
        return found

    def forget(self, key: str, now: float) -> bool:
        """Let go what is older than it is kept, a level's last to the next one; say whether the
        metric has anything left."""
        with self._lock:
            self.flush()
            left = False
            for level, after in zip(LEVELS, (None, *LEVELS[2:], None), strict=True):
                last = _place(key, level, int(now) - level.kept - level.chunk).start
                self._expire(key, level, after, last)
                left = left or self._any(key, level)
            return left

    def _expire(self, key: str, level: Level, after: Level | None, last: int) -> None:
        old = list(self._span(key, level, 0, last))
        if not old:
            return
        if after is not None:
            for _, chunk in old:
                self._move(key, chunk, after)
        with self._tables.together():
            for place, _ in old:
                self._chunks.pop(place, None)
                self._changed.discard(place)
                self._table.delete(*place.parts())
            for place in self._changed:
                self._table.put(*place.parts(), value=_plain(self._chunks[place]))
        self._changed.clear()

    def _move(self, key: str, chunk: Chunk, to: Level) -> None:
        for (start, unit), values in chunk.items():
            place = _place(key, to, start)
            self._add(self._chunk(place), to, start, unit, values)
            self._changed.add(place)

    def _any(self, key: str, level: Level) -> bool:
        return next(self._table.scan(key, f"{level.seconds:04d}"), None) is not None

    def _buckets(self, key: str, begin: int, end: int, length: int) -> Iterator[Bucket]:
        for level in LEVELS:
            if (level is FINE) is not (length < MINUTES.seconds) or length % level.seconds:
                continue
            first = _place(key, level, begin).start
            for _, chunk in self._span(key, level, first, end):
                for (start, unit), values in chunk.items():
                    if begin <= start < end:
                        yield Bucket(start, unit, values)

    def _span(self, key: str, level: Level, first: int, last: int) -> Iterator[tuple[Place, Chunk]]:
        """The chunks that begin from `first` to `last`: those in memory as they are there."""
        found: dict[Place, Chunk] = {}
        parts = key, f"{level.seconds:04d}"
        for name, plain in self._table.span(*parts, first=_moment(first), last=_moment(last)):
            found[Place(key, level, int(name[2]))] = _read(plain)
        for place in self._changed:
            if place.key == key and place.level is level and first <= place.start <= last:
                found[place] = self._chunks[place]
        yield from sorted(found.items(), key=lambda one: one[0].start)

    def _chunk(self, place: Place) -> Chunk:
        chunk = self._chunks.get(place)
        if chunk is None:
            kept = self._table.get(*place.parts())
            chunk = self._chunks[place] = _read(kept) if kept is not None else {}
        else:
            self._chunks.move_to_end(place)
        return chunk

    @staticmethod
    def _add(chunk: Chunk, level: Level, moment: int, unit: str, values: Distribution) -> None:
        at = (moment - moment % level.seconds, unit)
        bucket = chunk.get(at)
        if bucket is None:
            bucket = chunk[at] = Distribution()
        bucket.merge(values)


def _place(key: str, level: Level, moment: int) -> Place:
    return Place(key, level, moment - moment % level.chunk)


def _moment(seconds: int) -> str:
    return f"{max(seconds, 0):012d}"


def _plain(chunk: Chunk) -> list[Any]:
    return [[start, unit, values.plain()] for (start, unit), values in chunk.items()]


def _read(plain: Iterable[Any]) -> Chunk:
    return {(start, unit): Distribution.read(values) for start, unit, values in plain}
