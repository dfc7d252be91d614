"""Snapshots of the store, so that a start need not replay the whole journal.

A snapshot is beside the journal and never in place of it: where it is missing, of another version,
damaged, or not provably the same as what it was made of, the journal alone brings everything back.
"""

from __future__ import annotations

import gc
import logging
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from landrail.localaws.store.snapshots import file, making, pickling, world
from landrail.localaws.store.snapshots.file import Point
from landrail.localaws.store.snapshots.pickling import Unfit
from landrail.localaws.store.snapshots.world import look

__all__ = ["Found", "Point", "Snapshots", "look"]

_log = logging.getLogger(__name__)
_NAME = "journal.snapshot"
_TAIL = 0.75
"""Seconds of replaying that may stand between the last snapshot and a start."""
_LITTLE = 0.05


class Journal(Protocol):
    """The journal, as far as a snapshot needs it."""

    def last(self) -> Point | None:
        """Return where it ends."""

    def has(self, point: Point) -> bool:
        """Say whether it has this entry."""

    def sync(self) -> None:
        """Bring everything in it down to the disk."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a snapshot brought back: the last entry in it, and what the store kept besides."""

    point: Point
    besides: Any


class Snapshots:
    """The snapshots of one state folder. Whoever calls holds the store's lock."""

    def __init__(
        self, state: Path, secret: bytes, journal: Journal, besides: Callable[[], Any]
    ) -> None:
        self._path = state / _NAME
        self._secret = secret
        self._journal = journal
        self._besides = besides
        self._counts = threading.Lock()
        self._tail = 0.0
        self._due = _TAIL
        self._waiting: threading.Thread | None = None

    def restore(self) -> Found | None:
        """Bring back what the last snapshot holds, if there is one that can be believed and whose
        last entry the journal has."""
        for left in self._path.parent.glob(f"{self._path.stem}.*.new"):
            left.unlink(missing_ok=True)
        if not self._path.exists():
            return None
        began = time.monotonic()
        gc.disable()
        try:
            point, parts = file.read(self._path, self._secret)
            if not self._journal.has(point):
                raise Unfit("the journal does not have what it ends with")
            besides = _bring_back(*parts)
        except (Unfit, OSError) as error:
            _log.warning("the snapshot is not used, the journal is replayed: %s", error)
            return None
        finally:
            # What was loaded stays: no collection need ever look through it again.
            gc.freeze()
            gc.enable()
        _log.info("read the snapshot up to %d in %.2f s", point.number, time.monotonic() - began)
        return Found(point, besides)

    def spent(self, seconds: float) -> bool:
        """Count what replaying one more entry costs; return whether a snapshot is due."""
        with self._counts:
            self._tail += seconds
            return self._tail >= self._due and self._waiting is None

    def begin(self) -> None:
        """Begin a snapshot of what stands now."""
        contained, point = self._tail, self._journal.last()
        if point is None:
            return
        try:
            contents = (*world.collect(), self._besides())
            child = making.begin(self._new(), point, contents, self._secret)
        except (Unfit, OSError) as error:
            self._failed(str(error))
            return
        self._waiting = threading.Thread(
            target=self._finish, args=(child, point, contained), name="snapshot", daemon=True
        )
        self._waiting.start()

    def _new(self) -> Path:
        """Return where a child writes: a name of this process alone, for the child of a server
        that was killed may still be at work."""
        return self._path.with_suffix(f".{os.getpid()}.new")

    def _finish(self, child: making.Child, point: Point, contained: float) -> None:
        made = child.wait()
        try:
            if made.wrong:
                raise Unfit(made.wrong)
            # What it contains must not be on the disk before the journal that it stands on.
            self._journal.sync()
            os.replace(child.path, self._path)
            _sync_folder(self._path.parent)
        except (Unfit, OSError) as error:
            self._failed(str(error))
            with suppress(OSError):
                child.path.unlink(missing_ok=True)
        else:
            with self._counts:
                self._tail = max(0.0, self._tail - contained)
                self._due = max(_TAIL, made.seconds)
            _log.info("made a snapshot up to %d in %.2f s", point.number, made.seconds)
        self._waiting = None

    def _failed(self, why: str) -> None:
        with self._counts:
            self._due = 2 * max(self._due, self._tail)
        _log.warning("made no snapshot, the journal has everything: %s", why)

    def close(self) -> None:
        """Wait for a snapshot under way, and make one of what came after it."""
        self._wait()
        if self._tail > _LITTLE:
            self.begin()
            self._wait()

    def _wait(self) -> None:
        waiting = self._waiting
        if waiting is not None:
            waiting.join()


def _bring_back(frame_part: bytes, rest_part: bytes, besides_part: bytes) -> Any:
    frame = pickling.load(frame_part)
    try:
        world.prepare(frame)
        rest, besides = pickling.load(rest_part), pickling.load(besides_part)
    except (Unfit, ImportError, AttributeError):
        world.forget(frame)
        raise
    world.install(frame, rest)
    return besides


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
