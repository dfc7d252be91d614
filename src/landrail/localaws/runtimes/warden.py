"""Looks after the processes that have limits, all in one thread, and kills what exceeds them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landrail.localaws.runtimes.limits import Limits, held, short

_EVERY = 0.2
_DISK_EVERY = 1.0
_SPARINGLY = 20
_LITTLE = 1024 * 1024
"""Bytes that may be written, a log say, while the disk of the machine has no space left."""
_log = logging.getLogger(__name__)


@dataclass
class Ward:
    """Processes under one set of limits: those below `roots`, writing to `folders`."""

    limits: Limits
    roots: Sequence[int]
    folders: Sequence[Path]
    kill: Callable[[], None] = field(repr=False)
    exceeded: str | None = None
    _held: int | None = None
    _counted: float = float("-inf")
    _took: float = 0.0

    def look(self) -> None:
        """Kill the processes if they use more than they may, and say of what."""
        what = self.limits.exceeded(self.roots)
        if what is None and self.limits.disk is not None and self._fills(self.limits.disk):
            what = "disk"
        if what is not None and self.exceeded is None:
            self.exceeded = what
            self.kill()

    def _fills(self, limit: int) -> bool:
        """Whether the folders hold more than the limit, or grow where there is no space left; who
        rests is not stopped for what others have written."""
        began, full = time.monotonic(), short(self.folders)
        # Many files take long to count: that is never more than a share of the time.
        pause = self._took if full else max(_DISK_EVERY, _SPARINGLY * self._took)
        if began < self._counted + pause:
            return False
        now = held(self.folders, limit)
        self._counted = time.monotonic()
        self._took = self._counted - began
        if now is None:
            return full
        if full and self._held is not None:
            return now > min(limit, self._held + _LITTLE)
        self._held = now
        return now > limit


class Warden:
    """All wards; its thread runs while there is one."""

    def __init__(self) -> None:
        self._wards: list[Ward] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def take(self, ward: Ward) -> None:
        """Look after some processes from now on."""
        with self._changed:
            self._wards.append(ward)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="warden", daemon=True)
                self._thread.start()
            self._changed.notify()

    def leave(self, ward: Ward) -> None:
        """Look no more after processes that have ended."""
        with self._changed:
            if ward in self._wards:
                self._wards.remove(ward)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._wards:
                    self._changed.wait()
                wards = list(self._wards)
            for ward in wards:
                try:
                    ward.look()
                except OSError:
                    _log.exception("some processes could not be looked after")
            time.sleep(_EVERY)


warden = Warden()
"""The one of this process."""
