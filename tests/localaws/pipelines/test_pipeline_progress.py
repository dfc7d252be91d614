"""What comes into an action's record is never slept over, whenever it comes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landrail.localaws.services.codepipeline.actions.task import Halted, Stopped, TimedOut
from landrail.localaws.services.codepipeline.board import Board
from landrail.localaws.services.codepipeline.machine.document import running
from landrail.localaws.services.codepipeline.machine.facts import fact
from landrail.localaws.services.codepipeline.progress import Progress
from landrail.localaws.store import Tables

PIPELINE: dict[str, Any] = {
    "account": "1",
    "region": "r",
    "arn": "a",
    "disabled": {},
    "pipeline": {
        "name": "p",
        "version": 1,
        "stages": [{"name": "Source", "actions": [{"name": "Ask"}]}],
    },
}
LONG = 20.0


class Asked:
    """An execution whose one action is in progress."""

    def __init__(self, folder: Path) -> None:
        tables = Tables(folder / "tables.sqlite")
        executions, pipelines = tables.table("executions"), tables.table("pipelines")
        key = ("1", "r", "p")
        pipelines.put(*key, value=PIPELINE)
        self.board = Board(key, executions, pipelines, lambda *_: None, lambda _: None)
        self.board.start(PIPELINE, "one")
        [self.action] = running(self.board.find("one"))
        self.halted = threading.Event()
        self.progress = Progress(self.board, "one", self.action["id"], self.halted)

    def tell(self, kind: str = "noted", **changes: Any) -> None:
        with self.board.changed:
            self.board.record("one", [fact(kind, id=self.action["id"], changes=changes)])
            self.board.wake()

    def waits(self) -> Callable[[], float]:
        """Wait long in a thread; return what says for how long it was, once it is over."""
        began, ended = time.monotonic(), [0.0]

        def wait() -> None:
            self.progress.wait(LONG)
            ended[0] = time.monotonic()

        thread = threading.Thread(target=wait, daemon=True)
        thread.start()

        def over() -> float:
            thread.join(LONG / 2)
            assert not thread.is_alive(), "it sleeps over what was told"
            return ended[0] - began

        return over


@pytest.fixture
def asked(tmp_path: Path) -> Asked:
    return Asked(tmp_path)


def test_what_was_told_between_a_look_and_the_wait_ends_the_wait(asked: Asked) -> None:
    assert "verdict" not in asked.progress.look()
    asked.tell(verdict="yes")
    asked.waits()()
    assert asked.progress.look()["verdict"] == "yes"


def test_what_is_told_during_a_wait_ends_it(asked: Asked) -> None:
    asked.progress.look()
    over = asked.waits()
    time.sleep(0.2)
    asked.tell(verdict="yes")
    assert over() >= 0.2
    assert asked.progress.look()["verdict"] == "yes"


def test_a_wait_sleeps_where_nothing_happens(asked: Asked) -> None:
    asked.progress.look()
    began = time.monotonic()
    asked.progress.wait(0.2)
    assert time.monotonic() - began >= 0.2


def test_what_was_told_ends_one_wait_only(asked: Asked) -> None:
    """Whoever never looks at the record does not spin."""
    asked.progress.look()
    asked.tell(external="build")
    asked.progress.wait(LONG)
    began = time.monotonic()
    asked.progress.wait(0.2)
    assert time.monotonic() - began >= 0.2


def test_a_wait_ends_with_what_is_over(asked: Asked) -> None:
    asked.progress.look()
    asked.progress.deadline = time.time() + 0.1
    with pytest.raises(TimedOut):
        asked.progress.wait(LONG)
    asked.progress.deadline = None
    asked.tell("finished", status="Abandoned")
    with pytest.raises(Stopped):
        asked.progress.wait(LONG)
    asked.halted.set()
    with pytest.raises(Halted):
        asked.progress.wait(LONG)
    asked.board.forget()
    with pytest.raises(Stopped):
        asked.progress.document()
