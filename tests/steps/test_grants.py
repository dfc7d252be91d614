"""Every allow that lets a machine pass is needed: taken away alone, exactly the steps that are said
to need it are denied. What no run of this model needs is said, with the reason."""

from __future__ import annotations

import pytest

from tests.steps.grants import STEPS, Seen, Way, Where, allowing, observed
from tests.steps.steps_world import Steps
from tests.steps.told import IDLE, idle, needed

pytestmark = pytest.mark.xdist_group("steps")


@pytest.fixture(scope="module")
def made(steps: Steps) -> tuple[Where, ...]:
    return allowing(steps.platform.wanted, Way("retail"))


@pytest.fixture(scope="module")
def seen(steps: Steps) -> dict[Where, Seen]:
    return observed(steps.walks, steps.names())


def test_every_allow_is_needed_or_said_to_be_idle(made: tuple[Where, ...]) -> None:
    told = needed("alone", made)
    further = needed("further", made)
    strange = [one for one in made if one not in told and one not in further and not idle(one)]
    gone = [one for one in told if one not in made]
    assert (strange, gone) == ([], [])


def test_without_an_allow_exactly_its_steps_are_denied(
    seen: dict[Where, Seen], made: tuple[Where, ...]
) -> None:
    told, wrong = needed("alone", made), []
    for where, steps in told.items():
        denied = [step for step in STEPS if step in seen[where].alone]
        # What is asked late, as a log's last lines are, may be asked in the next step.
        if denied[:1] != steps[:1] or not set(denied) <= set(steps):
            wrong.append((where, denied, steps))
    unsaid = [where for where in made if seen[where].alone and where not in told]
    assert (wrong, unsaid) == ([], [])


def test_no_allow_only_says_again_what_another_says(
    seen: dict[Where, Seen], made: tuple[Where, ...]
) -> None:
    twice = {
        where: seen[where].besides for where in made if seen[where].shared and not seen[where].alone
    }
    assert twice == {}


def test_no_reason_is_for_nothing(made: tuple[Where, ...]) -> None:
    assert [one.pattern for one in IDLE if not any(one.fits(where) for where in made)] == []
