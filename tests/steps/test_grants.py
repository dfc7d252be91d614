"""Every statement that lets a machine pass is needed: taken away alone, exactly the steps that are
said to need it are denied. What no run of this model needs is said, with the reason."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from tests.steps.grants import STEPS, Seen, Where, allowing, observed
from tests.steps.steps_world import Steps

pytestmark = pytest.mark.xdist_group("steps")

_TOLD = yaml.safe_load((Path(__file__).parent / "grants.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made(steps: Steps) -> dict[Where, tuple[str, ...]]:
    return allowing(steps.platform.wanted, "retail")


@pytest.fixture(scope="module")
def seen(steps: Steps) -> dict[Where, Seen]:
    return observed(steps.way, steps.names())


def _told() -> dict[Where, list[str]]:
    return {
        (place, sid): steps
        for place, entries in _TOLD["alone"].items()
        for sid, steps in entries.items()
    }


def _reasons() -> list[tuple[str, str]]:
    return [(one, entry["why"]) for entry in _TOLD["idle"] for one in entry["of"]]


def _idle(where: Where) -> bool:
    return any(fnmatchcase(" / ".join(where), pattern) for pattern, _ in _reasons())


def test_every_grant_is_needed_or_said_to_be_idle(made: dict[Where, tuple[str, ...]]) -> None:
    told = _told()
    strange = [where for where in made if where not in told and not _idle(where)]
    gone = [where for where in told if where not in made]
    assert (strange, gone) == ([], [])


def test_without_a_grant_exactly_its_steps_are_denied(
    seen: dict[Where, Seen], made: dict[Where, tuple[str, ...]]
) -> None:
    wrong = []
    for where, steps in _told().items():
        denied = [step for step in STEPS if step in seen[where].alone]
        if denied[:1] != steps[:1] or not set(denied) <= set(steps):
            wrong.append((where, denied, steps))
    unsaid = [
        where for where, one in seen.items() if where in made and one.alone and where not in _told()
    ]
    assert (wrong, unsaid) == ([], [])


def test_no_grant_only_says_again_what_another_says(
    seen: dict[Where, Seen], made: dict[Where, tuple[str, ...]]
) -> None:
    twice = {
        where: one.besides
        for where, one in seen.items()
        if where in made and one.shared and not one.alone
    }
    assert twice == {}


def test_nothing_idle_is_needed(
    seen: dict[Where, Seen], made: dict[Where, tuple[str, ...]]
) -> None:
    assert [where for where in made if _idle(where) and seen[where].alone] == []
    every = [" / ".join(where) for where in made]
    assert [one for one, _ in _reasons() if not any(fnmatchcase(e, one) for e in every)] == []
