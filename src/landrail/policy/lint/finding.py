"""What a check is and what it finds: a stable id, how bad it is, where, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from landrail.diagnostics import Position
from landrail.policy.lint.jsontext import Node
from landrail.policy.lint.subject import Subject


class Level(Enum):
    """How bad: AWS refuses to store it; it opens more than it seems; it does not do what it says;
    it could be said better."""

    ERROR = "error"
    SECURITY = "security"
    WARNING = "warning"
    SUGGESTION = "suggestion"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found at a place of the text."""

    at: Node | int
    summary: str
    remedy: str | None = None

    @property
    def offset(self) -> int:
        """The character where it stands."""
        return self.at if isinstance(self.at, int) else self.at.at


Check = Callable[[Subject], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Lint:
    """A check: `id` and `level` are stable; the function's docstring is its line in the
    documentation."""

    id: str
    level: Level
    check: Check

    @property
    def about(self) -> str:
        """What it finds, in a line."""
        return " ".join((self.check.__doc__ or "").split())


@dataclass(frozen=True, slots=True)
class Finding:
    """A check's finding, with its place for people."""

    lint: Lint
    position: Position
    summary: str
    remedy: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the plain form."""
        return {
            "id": self.lint.id,
            "level": self.lint.level.value,
            "line": self.position.line,
            "column": self.position.column,
            "summary": self.summary,
            "remedy": self.remedy,
        }
