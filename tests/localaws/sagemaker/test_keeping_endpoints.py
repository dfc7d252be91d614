"""Endpoints are looked after on a disk that is full for a while, each apart from the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from landrail.localaws.api import ApiError
from landrail.localaws.services.sagemaker.fleet import CannotServe, Variant
from landrail.localaws.services.sagemaker.hosting import keeping
from landrail.localaws.services.sagemaker.hosting.live import Fleet, Live, Part
from landrail.localaws.services.sagemaker.logs import Log
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.store import Tables

FULL = OSError(28, "No space left on device")
UNWRITABLE = ApiError("ServiceUnavailable", "The local AWS cannot write to its state folder.", 503)


@dataclass
class OneVariant:
    """A variant that should have one process; it ended just now, and what comes of it."""

    trouble: Exception | None
    lines: list[str] = field(default_factory=list)
    role: str = "arn:aws:iam::111122223333:role/models"
    log: Any = field(default_factory=lambda: SimpleNamespace(stream="s", line=lambda _: None))
    grown: threading.Event = field(default_factory=threading.Event)

    def without_dead(self) -> int:
        return 0

    def grow(self, count: int, **_: Any) -> None:
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        self.lines += ["line"] * count
        self.grown.set()


def live(tables: Tables, name: str, trouble: Exception | None) -> tuple[Live, OneVariant]:
    variant = OneVariant(trouble)
    content = {
        "counts": {"all": 1},
        "weights": {"all": 1.0},
        "capture": None,
        "config": {
            "EndpointConfigName": name,
            "ProductionVariants": [{"VariantName": "all", "ModelName": "model"}],
        },
    }
    place = Place("111122223333", "eu-west-1", "endpoint", name)
    made = Live(tables.table("sagemaker.fleet"), place)
    variants: Any = {"all": variant}
    made.route(Part(Fleet(content, variants)))
    return made, variant


@pytest.fixture
def tables(tmp_path: Path) -> Iterator[Tables]:
    opened = Tables(tmp_path / "tables.sqlite")
    yield opened
    opened.close()


@pytest.mark.parametrize("trouble", [FULL, UNWRITABLE, CannotServe("no")], ids=repr)
def test_what_one_endpoint_meets_ends_no_look_at_the_others(
    tables: Tables, trouble: Exception
) -> None:
    (bad, never), (good, grown) = live(tables, "bad", trouble), live(tables, "good", None)
    halted = threading.Event()
    keeper = keeping.Keeper(lambda: [bad, good], halted)
    keeper.start()
    assert grown.grown.wait(30)
    assert never.trouble is None, "it was looked at first"
    grown.lines.clear()
    grown.grown.clear()
    assert grown.grown.wait(30), "the keeper goes on"
    halted.set()
    keeper.join()
    assert not bad.busy.locked()


def test_a_record_that_could_not_be_written_is_written_later(tables: Tables) -> None:
    one, variant = live(tables, "one", None)
    variant.lines.append("line")
    tables.query("PRAGMA query_only = ON")
    with pytest.raises(ApiError, match="cannot write to its state folder"):
        one.publish()
    tables.query("PRAGMA query_only = OFF")
    assert one.due
    halted = threading.Event()
    keeper = keeping.Keeper(lambda: [one], halted)
    keeper.start()
    table = tables.table("sagemaker.fleet")
    for _ in range(300):
        if table.get(*one.place.key)["fleets"][0]["variants"][0]["lines"]:
            break
        halted.wait(0.1)
    halted.set()
    keeper.join()
    assert table.get(*one.place.key)["fleets"][0]["variants"][0]["lines"] == ["line"]
    assert not one.due


def test_a_process_that_cannot_be_started_is_told_in_words(tmp_path: Path) -> None:
    no_folder = tmp_path / "file"
    no_folder.touch()
    key = SimpleNamespace(access_key_id="a", secret_access_key="b", session_token="c")
    program: Any = SimpleNamespace(
        network=False,
        session=lambda: key,
        region="eu-west-1",
        environment={},
        image=SimpleNamespace(settings=SimpleNamespace(entrypoint=["serve"], command=[])),
    )
    log: Any = SimpleNamespace(line=lambda _: None)
    found: Any = None
    variant = Variant("all", found, no_folder / "below", log, program)
    with pytest.raises(CannotServe, match="The local AWS cannot start it: Not a directory"):
        variant.grow(1)
    assert variant.lines == []


def test_a_log_without_space_raises_nothing_and_goes_on_to_cloudwatch() -> None:
    sent: list[str] = []

    def call(_: Any, __: str, operation: str, params: dict[str, Any], **___: Any) -> dict[str, Any]:
        if operation == "PutLogEvents":
            sent.extend(event["message"] for event in params["logEvents"])
        return {}

    platform: Any = SimpleNamespace(call=call)
    caller: Any = None
    log = Log(platform, lambda: caller, "eu-west-1", "group", "stream", Path("/dev/full"))
    log.line("one")
    log.line("two")
    log.close()
    assert sent == ["one", "two"]
