"""Random schedules of events in the three modes keep what must hold: one execution in a stage, in
their order, none lost, each document the sum of its facts, whenever the server is killed."""

from __future__ import annotations

import contextlib
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline_worlds import ApiError, World, condition, stage

from landrail.localaws.services.codepipeline.machine.document import running

MODES = ("SUPERSEDED", "QUEUED", "PARALLEL")
ROLLBACK = {"onFailure": {"result": "ROLLBACK"}}
RETRY = {"onFailure": {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}}
JUDGED = {
    "beforeEntry": condition("open", result="SKIP"),
    "onSuccess": condition("quiet", "fast", result="ROLLBACK"),
    "onFailure": condition("bad", result="ROLLBACK"),
}
EXTRAS: tuple[dict[str, Any], ...] = ({}, ROLLBACK, RETRY, JUDGED, {})


def _world(mode: str, chance: random.Random) -> World:
    stages = [
        stage(
            name,
            *[chance.randint(1, 2) for _ in range(chance.randint(1, 2))],
            **chance.choice(EXTRAS),
        )
        for name in ("Build", "Deploy", "Release")[: chance.randint(1, 3)]
    ]
    return World(mode, *stages)


def _happen(world: World, chance: random.Random) -> None:
    """Something happens; what is refused changes nothing."""
    live = [one["id"] for one in world.live()]
    anyone = list(world.documents)
    busy = [(one["id"], each["id"]) for one in world.live() for each in running(one)]
    name = chance.choice(world.stages)
    kind = chance.choices(
        (
            "start",
            "finish",
            "stop",
            "retry",
            "close",
            "open",
            "override",
            "back",
            "crash",
            "update",
        ),
        (4, 14, 1, 3, 1, 2, 4, 1, 1, 1),
    )[0]
    before = dict(world.documents)
    try:
        if kind == "start":
            world.start()
        elif kind == "finish" and busy:
            world.finish(*chance.choice(busy), chance.choice(("Succeeded",) * 3 + ("Failed",)))
        elif kind == "stop" and live:
            world.stop(chance.choice(live), chance.random() < 0.5)
        elif kind == "retry" and anyone:
            mode = chance.choice(("FAILED_ACTIONS", "ALL_ACTIONS"))
            world.retry(chance.choice(anyone), name, mode)
        elif kind == "close":
            world.close(name)
        elif kind == "open":
            world.open(name)
        elif kind == "override" and anyone:
            which = chance.choice(("BEFORE_ENTRY", "ON_SUCCESS"))
            world.override(chance.choice(live or anyone), name, which)
        elif kind == "back" and anyone:
            world.roll_back_to(chance.choice(anyone), name)
        elif kind == "crash":
            world.crash()
        elif kind == "update" and chance.random() < 0.3:
            world.update()
    except ApiError:
        assert world.documents == before


def _live_through(mode: str, seed: int, length: int) -> None:
    chance = random.Random(seed)
    world = _world(mode, chance)
    for _ in range(length):
        _happen(world, chance)
        world.check()
    world.drain()
    world.check()
    assert not world.live()
    statuses = {one["status"] for one in world.documents.values()}
    if mode != "SUPERSEDED":
        assert "Superseded" not in statuses


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_whatever_happens(mode: str, seed: int) -> None:
    _live_through(mode, seed, 50)


@pytest.mark.soak
@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=400)
@given(seed=st.integers(0, 2**32))
def test_whatever_happens_for_long(mode: str, seed: int) -> None:
    _live_through(mode, seed, 200)


@pytest.mark.parametrize("mode", MODES)
@settings(max_examples=10)
@given(seed=st.integers(0, 2**32))
def test_without_trouble_all_get_through_but_the_superseded(mode: str, seed: int) -> None:
    chance = random.Random(seed)
    world = World(mode, stage("Build", 2), stage("Deploy"), stage("Release", 1, 2))
    for _ in range(40):
        busy = [(one["id"], each["id"]) for one in world.live() for each in running(one)]
        if not busy or chance.random() < 0.3:
            world.start()
        else:
            world.finish(*chance.choice(busy), "Succeeded")
        world.check()
    world.drain()
    ended = {one["number"]: one["status"] for one in world.documents.values()}
    assert ended[max(ended)] == "Succeeded"
    wanted = {"Succeeded", "Superseded"} if mode == "SUPERSEDED" else {"Succeeded"}
    assert set(ended.values()) <= wanted


def test_the_refusals_of_schedules_are_real() -> None:
    """The schedules above do reach what they are about."""
    reached: set[str] = set()
    for seed in range(60):
        chance = random.Random(seed)
        world = _world(MODES[seed % 3], chance)
        for _ in range(60):
            with contextlib.suppress(ApiError):
                _happen(world, chance)
        for one in world.documents.values():
            reached |= {happened["kind"] for happened in one["facts"]} | {one["status"]}
            reached |= {each["status"] for each in one["stages"].values()} | {one["type"]}
    assert reached >= {
        *("retried", "overridden", "condition-ended", "ROLLBACK", "Skipped", "Superseded"),
        *("Failed", "Stopped", "Stopping", "Succeeded"),
    }
