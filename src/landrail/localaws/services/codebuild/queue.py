"""Whose turn it is: builds of a project run at most as many at once as its limit says, the others
wait in the order in which they were started."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable

_LOOK = 0.5


class Queue:
    """The builds that run and wait, by project."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[str, list[str]] = defaultdict(list)
        self._running: dict[str, set[str]] = defaultdict(set)

    def join(self, project: str, build: str) -> None:
        """Put a build at the end of its project's queue."""
        with self._changed:
            self._waiting[project].append(build)

    def wait(
        self,
        project: str,
        build: str,
        limit: Callable[[], int | None],
        stop: threading.Event,
        seconds: float,
    ) -> bool:
        """Wait until the build may run, or is stopped; False where it waited too long."""
        end = time.monotonic() + seconds
        with self._changed:
            while not stop.is_set():
                most = limit()
                waiting, running = self._waiting[project], self._running[project]
                if most is None or (waiting[0] == build and len(running) < most):
                    break
                if time.monotonic() >= end:
                    return False
                self._changed.wait(_LOOK)
            self._running[project].add(build)
            self._waiting[project].remove(build)
            self._changed.notify_all()
        return True

    def leave(self, project: str, build: str) -> None:
        """Let go of a build that is over."""
        with self._changed:
            self._running[project].discard(build)
            if build in self._waiting[project]:
                self._waiting[project].remove(build)
            self._changed.notify_all()

    def look(self) -> None:
        """Let those who wait look again: one of them was stopped."""
        with self._changed:
            self._changed.notify_all()
