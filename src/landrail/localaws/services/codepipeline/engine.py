"""The boards of all pipelines: found, taken up after a restart, woken, halted."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from landrail.localaws.api import Platform
from landrail.localaws.services.codepipeline.board import Board
from landrail.localaws.services.codepipeline.machine.document import LIVE
from landrail.localaws.services.codepipeline.outbox import Outbox
from landrail.localaws.services.codepipeline.worker import Worker
from landrail.localaws.store import Tables

Key = tuple[str, str, str]


class Engine:
    """What walks executions."""

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._executions = tables.table("codepipeline.executions")
        self._pipelines = tables.table("codepipeline.pipelines")
        self._boards: dict[Key, Board] = {}
        self._lock = threading.Lock()
        self._outbox = Outbox(platform, self._told)
        self._worker = Worker(platform)

    def board(self, account: str, region: str, pipeline: str) -> Board:
        """Return the board of a pipeline."""
        key = (account, region, pipeline)
        with self._lock:
            found = self._boards.get(key)
            if found is None:
                found = Board(
                    key, self._executions, self._pipelines, self._worker.begin, self._outbox.put
                )
                self._boards[key] = found
        return found

    def of(self, pipeline: Mapping[str, Any]) -> Board:
        """Return the board of a pipeline by its record."""
        return self.board(pipeline["account"], pipeline["region"], pipeline["pipeline"]["name"])

    def wake(self) -> None:
        """Let everything that waits look again: something happened in an account."""
        with self._lock:
            boards = list(self._boards.values())
        for board in boards:
            board.wake()

    def take_up(self) -> None:
        """Go on with the executions that stood when the local AWS ended, and tell what was not."""
        self._outbox.start()
        standing: set[Key] = set()
        for (account, region, pipeline, _), document in self._executions.scan():
            if document["status"] in LIVE:
                standing.add((account, region, pipeline))
            if len(document.get("facts") or ()) > document.get("told", 0):
                self._outbox.put(document)
        for key in sorted(standing):
            # An update of the pipeline may have been kept, and not come so far as this.
            self.board(*key).outdate()

    def halt(self) -> None:
        """Leave all executions as they stand."""
        self._worker.halt()
        self.wake()
        self._outbox.stop()

    @contextmanager
    def forgotten(self, account: str, region: str, pipeline: str) -> Iterator[None]:
        """Abandon and drop the executions of a pipeline, keep others from it while the block
        deletes the pipeline itself, and have a fresh board for what gets its name."""
        board = self.board(account, region, pipeline)
        with board.changed:
            try:
                board.forget()
                yield
            finally:
                with self._lock:
                    self._boards.pop((account, region, pipeline), None)

    def _told(self, document: Mapping[str, Any], number: int) -> None:
        board = self.board(document["account"], document["region"], document["name"])
        board.told(document["id"], number)
