"""What is said of the allows: in `grants.yaml` the steps that need each, in `idle.yaml` why no step
does, by patterns of `PLACE / SID / ACTION` or `PLACE / SID`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import yaml

from tests.steps.grants import Where

Steps = list[str] | dict[str, list[str]]


def _loaded(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))


_NEEDED, _IDLE = _loaded("grants.yaml"), _loaded("idle.yaml")


@dataclass(frozen=True)
class Idle:
    """Allows that no step needs, by a pattern, and why they are there."""

    pattern: str
    why: str

    def fits(self, where: Where) -> bool:
        """Whether it speaks of an allow."""
        return any(fnmatchcase(" / ".join(part), self.pattern) for part in (where, where[:2]))


def _idle(section: str) -> tuple[Idle, ...]:
    return tuple(Idle(one, entry["why"]) for entry in _IDLE[section] for one in entry["of"])


IDLE, IDLE_FURTHER = _idle("usual"), _idle("further")


def statements(way: Literal["alone", "further"]) -> dict[tuple[str, str], Steps]:
    """Return what is said of each statement, on the usual way or on further ones."""
    told: dict[str, dict[str, Any]] = _NEEDED[way]
    return {(place, sid): steps for place, sids in told.items() for sid, steps in sids.items()}


def needed(way: Literal["alone", "further"], made: Iterable[Where]) -> dict[Where, list[str]]:
    """Return what is said of each allow. Of a statement that is spoken of whole, these are the
    actions that were made and are not idle."""
    made = list(made)
    found: dict[Where, list[str]] = {}
    for (place, sid), steps in statements(way).items():
        if isinstance(steps, dict):
            found |= {(place, sid, action): each for action, each in steps.items()}
        else:
            of = [one for one in made if one[:2] == (place, sid) and not idle(one)]
            found |= dict.fromkeys(of or [(place, sid, "nothing")], steps)
    return found


def idle(where: Where) -> bool:
    """Whether an allow is said to be idle."""
    return any(one.fits(where) for one in (*IDLE, *IDLE_FURTHER))
