"""Acts: calls that somebody attempts, each forbidden one with a twin that must succeed.

A gate that denies everything is no gate, so a denial counts only beside its twin: the entitled role
does the same, or the same role does it to what is its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Expected = Literal["denied", "allowed"]


@dataclass(frozen=True, slots=True)
class Act:
    """One call by `WHO@ACCOUNT`: botocore's names of service and operation, and its parameters."""

    who: str
    account: str
    service: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A call that a machine's role made in this very run, to be found on the trail of `account`:
    nobody can sign in as a machine to show it again. `caller` is how its ARN or name begins."""

    caller: str
    account: str
    service: str
    operation: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A forbidden act, called by what somebody wants with it, and its twin."""

    wish: str
    forbidden: Act
    twin: Act | Witnessed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an act: `layer`, `policy` and `statement` are those that decided a denial, and
    `owner` is who can change that policy."""

    wish: str
    caller: str
    call: str
    resource: str
    expected: Expected
    got: Expected
    layer: str = ""
    policy: str = ""
    statement: str = ""
    owner: str = ""
    reason: str = ""
    event: str = ""

    @property
    def as_it_must(self) -> bool:
        """Whether it ended as expected; a denial must also name what decided."""
        return self.got == self.expected and (self.got == "allowed" or bool(self.layer))

    def to_json(self) -> dict[str, str]:
        """Return it as plain data."""
        return asdict(self)
