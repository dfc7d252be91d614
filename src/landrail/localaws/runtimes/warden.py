"""Looks after the processes that have limits, all in one thread, and kills what exceeds them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landrail.localaws.runtimes.limits import Limits

_EVERY = 0.2
_DISK_EVERY = 1.0
_SPARINGLY = 20


@dataclass
class Ward:
    """Processes under one set of limits: those below `roots`, writing to `folders`."""

    limits: Limits
    roots: Sequence[int]
    folders: Sequence[Path]
    kill: Callable[[], None] = field(repr=False)
    exceeded: str | None = None

    def look(self, disk: bool) -> None:
        """Kill the processes if they use more than they may, and say of what."""
        what = self.limits.exceeded(self.roots)
        if what is None and disk and self.limits.overfull(self.folders):
            what = "disk"
        if what is not None and self.exceeded is None:
            self.exceeded = what
            self.kill()


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
        disk_at = 0.0
        while True:
            with self._changed:
                while not self._wards:
                    self._changed.wait()
                wards = list(self._wards)
            began = time.monotonic()
            disk = began >= disk_at
            for ward in wards:
                ward.look(disk)
            if disk:
                # Many files take long to look at: that is never more than a share of the time.
                now = time.monotonic()
                disk_at = now + max(_DISK_EVERY, _SPARINGLY * (now - began))
            time.sleep(_EVERY)


warden = Warden()
"""The one of this process."""
