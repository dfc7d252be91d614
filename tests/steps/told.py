"""What `grants.yaml` says of the allows: the steps that need each, or why no step does.

A statement has the steps that each of its actions is needed at, or its actions each with their own;
actions that are idle stand below, by a pattern of `PLACE / SID / ACTION` or `PLACE / SID`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Literal

import yaml

from tests.steps.grants import Where

Steps = list[str] | dict[str, list[str]]
_TOLD = yaml.safe_load((Path(__file__).parent / "grants.yaml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Idle:
    """Allows that no step needs, by a pattern, and why they are there."""

    pattern: str
    why: str

    def fits(self, where: Where) -> bool:
        """Whether it speaks of an allow."""
        return any(fnmatchcase(" / ".join(part), self.pattern) for part in (where, where[:2]))


IDLE = tuple(Idle(one, entry["why"]) for entry in _TOLD["idle"] for one in entry["of"])


def statements(way: Literal["alone", "further"]) -> dict[tuple[str, str], Steps]:
    """Return what is said of each statement, on the usual way or on further ones."""
    told: dict[str, dict[str, Any]] = _TOLD[way]
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
    return any(one.fits(where) for one in IDLE)
