"""The plan itself: plain data that can be printed, saved, approved and performed.

Nothing here compares or performs anything; see `compare` and `graph`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from landrail.resources import Address


class Action(Enum):
    """What happens to one thing."""

    NO_OP = "no-op"
    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    ADOPT = "adopt"
    REFUSED = "refused"


class Effect(Enum):
    """What happens to one part of a thing: a resource of a stack, a statement, a property."""

    ADD = "add"
    IN_PLACE = "in place"
    MAY_REPLACE = "may replace"
    REPLACE = "replace"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that changes; `path` in the words of the thing, None where there is no value."""

    path: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class Detail:
    """One part of a change: `name` is a resource (`Role/Release`), a statement or a property,
    `cause` is `template`, `drift` or empty."""

    name: str
    effect: Effect
    cause: str = ""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one thing wanted or found. `reason` explains a refusal or an adoption,
    `accept` is the address to accept it by, `depends_on` orders the walk."""

    address: Address
    action: Action
    summary: str = ""
    details: tuple[Detail, ...] = ()
    reason: str = ""
    accept: str | None = None
    depends_on: tuple[Address, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something found that no change will touch: a foreign account, policy or stack."""

    scope: str
    summary: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change, no-ops included. `basis` is the digest of file, wanted and observed; `digest`
    that of the basis with the changes. `purpose` is `apply` or `destroy`."""

    platform: str
    purpose: str
    file: str
    file_digest: str
    basis: str
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...] = ()
    accepted: tuple[str, ...] = ()
    refreshed: bool = True
    digest: str = ""

    @property
    def pending(self) -> tuple[Change, ...]:
        """The changes that do something, refused ones left out."""
        return tuple(c for c in self.changes if c.action not in (Action.NO_OP, Action.REFUSED))

    @property
    def refused(self) -> tuple[Change, ...]:
        """The changes that Landrail will not make without `--accept`."""
        return tuple(c for c in self.changes if c.action is Action.REFUSED)

    @property
    def counts(self) -> Counter[Action]:
        """How many changes of each action."""
        return Counter(change.action for change in self.changes)
