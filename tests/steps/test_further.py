"""On further ways each allow is needed too: taken away alone, exactly the steps that are said to
need it are denied."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.steps.further import travelled
from tests.steps.grants import FURTHER, STEPS, Seen, Way, Where, allowing, observed
from tests.steps.steps_world import Steps
from tests.steps.told import IDLE_FURTHER, idle, needed

pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steps]:
    with travelled(tmp_path_factory.mktemp("further")) as world:
        yield world


@pytest.fixture(scope="module")
def made(world: Steps) -> tuple[Where, ...]:
    return allowing(world.platform.wanted, Way("retail", FURTHER))


@pytest.fixture(scope="module")
def seen(world: Steps) -> dict[Where, Seen]:
    return observed(world.walks, world.names())


def test_every_allow_is_needed_somewhere_or_said_to_be_idle(made: tuple[Where, ...]) -> None:
    usual, further = needed("alone", made), needed("further", made)
    told = {**usual, **further}
    strange = [one for one in made if one not in told and not idle(one)]
    gone = [one for one in further if one not in made]
    assert (strange, gone) == ([], [])


def test_without_an_allow_exactly_its_steps_are_denied(
    seen: dict[Where, Seen], made: tuple[Where, ...]
) -> None:
    wrong = []
    for where, steps in needed("further", made).items():
        denied = [step for step in STEPS if step in seen[where].alone]
        if denied[:1] != steps[:1] or not set(denied) <= set(steps):
            wrong.append((where, denied, steps))
    unsaid = [where for where in made if seen[where].alone and idle(where)]
    assert (wrong, unsaid) == ([], [])


def test_no_reason_is_for_nothing(made: tuple[Where, ...]) -> None:
    unused = [one.pattern for one in IDLE_FURTHER if not any(one.fits(where) for where in made)]
    assert unused == []
