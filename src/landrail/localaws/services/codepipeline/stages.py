"""Who may be in a stage: one execution at a time, by the pipeline's execution mode.

SUPERSEDED: of those that wait before a stage only the newest goes on. QUEUED: they go in order.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable

Stage = tuple[str, str, str, str]


class Gates:
    """The entries of all stages of all pipelines."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._inside: dict[Stage, str] = {}
        self._waiting: dict[Stage, list[str]] = defaultdict(list)

    def enter(
        self,
        stage: Stage,
        execution: str,
        queued: bool,
        is_open: Callable[[], bool],
        leave: Callable[[], bool],
    ) -> bool:
        """Wait until the stage is free and its transition open; False where a newer execution took
        over, or `leave` says to give up."""
        with self._condition:
            line = self._waiting[stage]
            line.append(execution)
            self._condition.notify_all()
            try:
                while True:
                    if leave() or (not queued and line[-1] != execution):
                        return False
                    first = not queued or line[0] == execution
                    if first and self._inside.get(stage) is None and is_open():
                        self._inside[stage] = execution
                        return True
                    self._condition.wait(30.0)
            finally:
                line.remove(execution)

    def leave(self, stage: Stage, execution: str) -> None:
        """Free the stage."""
        with self._condition:
            if self._inside.get(stage) == execution:
                del self._inside[stage]
            self._condition.notify_all()

    def changed(self) -> None:
        """Look again: a transition was opened or an execution stopped."""
        with self._condition:
            self._condition.notify_all()

    def waiting(self, stage: Stage) -> list[str]:
        """Return the executions that wait before a stage, oldest first."""
        with self._condition:
            return list(self._waiting[stage])
