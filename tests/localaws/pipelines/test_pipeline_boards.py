"""What boards keep while pipelines change under them, are deleted, or nothing can be written."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landrail.localaws.api import ApiError
from landrail.localaws.services.codepipeline.board import Board
from landrail.localaws.services.codepipeline.engine import Engine
from landrail.localaws.services.codepipeline.starting import Starting
from landrail.localaws.services.codepipeline.worker import Worker
from landrail.localaws.store import Tables

KEY = ("1", "r", "p")
ACTION = {"name": "Ask", "actionTypeId": {"category": "Approval", "provider": "Manual"}}


class Closed:
    """A platform that lets nobody in."""

    def assume(self, *_: Any, **__: Any) -> Any:
        raise ApiError("AccessDenied", "nobody")


def pipeline(version: int, *stages: str) -> dict[str, Any]:
    declared = [{"name": name, "actions": [ACTION]} for name in stages]
    definition = {"name": "p", "version": version, "roleArn": "role", "stages": declared}
    place = dict(zip(("account", "region"), KEY, strict=False))
    return {**place, "arn": "a", "disabled": {}, "pipeline": definition}


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    made = Tables(tmp_path / "tables.sqlite")
    made.table("codepipeline.pipelines").put(*KEY, value=pipeline(1, "Source"))
    return made


@pytest.fixture
def engine(tables: Tables) -> Engine:
    platform: Any = Closed()
    made = Engine(platform, tables)
    made.halt()  # nothing is worked on
    return made


def test_an_execution_is_of_the_pipeline_as_it_is_when_it_starts(
    tables: Tables, engine: Engine
) -> None:
    """Whoever starts it may have read the pipeline long before, as a look at a far remote has."""
    old = pipeline(1, "Source")
    tables.table("codepipeline.pipelines").put(*KEY, value=pipeline(2, "Source", "Approval"))
    made = Starting(engine).begin(old, {})
    assert made["version"] == 2
    assert [one["name"] for one in made["definition"]["stages"]] == ["Source", "Approval"]


def test_no_execution_starts_of_a_pipeline_that_is_gone(tables: Tables, engine: Engine) -> None:
    with engine.forgotten(*KEY):
        tables.table("codepipeline.pipelines").delete(*KEY)
    with pytest.raises(ApiError) as caught:
        Starting(engine).begin(pipeline(1, "Source"), {})
    assert caught.value.code == "PipelineNotFoundException"


def test_a_pipeline_of_the_same_name_inherits_no_execution(tables: Tables, engine: Engine) -> None:
    first = engine.board(*KEY)
    Starting(engine).begin(pipeline(1, "Source"), {})
    with engine.forgotten(*KEY):
        assert first.all() == []
    again = engine.board(*KEY)
    assert again is not first
    made = Starting(engine).begin(pipeline(1, "Source"), {})
    assert [one["id"] for one in again.all()] == [made["id"]]


def _until(wanted: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not wanted():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_the_end_of_an_action_is_kept_once_it_can_be(
    tables: Tables, caplog: pytest.LogCaptureFixture
) -> None:
    platform: Any = Closed()
    worker = Worker(platform)
    tells: list[Any] = []
    executions = tables.table("codepipeline.executions")
    board = Board(
        KEY, executions, tables.table("codepipeline.pipelines"), worker.begin, tells.append
    )
    with board.changed:
        board.start(pipeline(1, "Source"), "one")
        tables.write("PRAGMA query_only = ON")
    _until(lambda: "cannot be kept yet" in caplog.text)
    assert board.find("one")["status"] == "InProgress"
    tables.write("PRAGMA query_only = OFF")
    _until(lambda: board.find("one")["status"] == "Failed")
    assert "cannot write to its state folder" in tells[-1]["actions"][0]["error"]["message"]
    worker.halt()
