"""The record of one action or rule in progress, as whoever works on it reads, notes and waits."""

from __future__ import annotations

import threading
import time
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.codepipeline.actions.task import Halted, Stopped, TimedOut
from landrail.localaws.services.codepipeline.board import Board
from landrail.localaws.services.codepipeline.machine.document import Record
from landrail.localaws.services.codepipeline.machine.facts import fact

_LONGEST = 600.0
"""A wait ends after this at the latest, and whoever waits looks again."""


class Progress:
    """One action's or rule's record; for the one thread that works on it."""

    def __init__(self, board: Board, execution: str, record: str, halted: threading.Event) -> None:
        self.deadline: float | None = None
        """The time at which the work must be over; None where it watches that itself."""
        self._board = board
        self._execution = execution
        self._id = record
        self._halted = halted
        self._looked: Record | None = None

    def document(self) -> Record:
        """Return the execution's document; raises Stopped where the execution is gone."""
        try:
            return self._board.find(self._execution)
        except ApiError as gone:
            raise Stopped from gone

    def look(self) -> Record:
        """Return the record as it is now."""
        self._looked = self._now()
        return self._looked

    def note(self, **changes: Any) -> None:
        """Write to the record; raises Stopped where nobody waits for the work any more."""
        noted = fact("noted", id=self._id, changes=changes)
        with self._board.changed:
            if self._now()["status"] != "InProgress":
                raise Stopped
            self._board.record(self._execution, [noted])

    def wait(self, seconds: float) -> None:
        """Sleep until something happened or the time is over; raises Stopped, Halted, TimedOut.

        What came into the record after the last look has been announced already: nobody would be
        woken for it again, so such a wait ends at once.
        """
        changed, deadline = self._board.changed, self.deadline
        with changed:
            self.go_on()
            left = deadline - time.time() if deadline else _LONGEST
            if left > 0 and self._now() == self._looked:
                changed.wait(min(seconds, left, _LONGEST))
            self.go_on()
            self._looked = self._now()
        if deadline and time.time() >= deadline:
            raise TimedOut("The action did not end within its time", "ActionTimeout")

    def go_on(self) -> None:
        """Raise Halted where the server ends, Stopped where the work was abandoned."""
        if self._halted.is_set():
            raise Halted
        if self._now()["status"] != "InProgress":
            raise Stopped

    def _now(self) -> Record:
        document = self.document()
        parts = (*document["actions"], *document["rules"])
        return next(dict(one) for one in parts if one["id"] == self._id)
