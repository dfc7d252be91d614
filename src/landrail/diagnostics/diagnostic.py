"""The diagnostic value and the exception that carries a batch of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad it is: an error stops the command, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text; `line` and `column` count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class SourceRange:
    """A stretch of a named text; `end` is exclusive."""

    file: str
    start: Position
    end: Position

    def __str__(self) -> str:
        return f"{self.file}:{self.start.line}:{self.start.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake: `summary` says what in the user's words (lowercase, user's words in backticks),
    `source` where, `remedy` what to do about it."""

    summary: str
    remedy: str | None = None
    source: SourceRange | None = None
    severity: Severity = Severity.ERROR


class Mistakes(Exception):
    """All the mistakes that a stage found in what the user gave; never empty."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        if not diagnostics:
            raise ValueError("Mistakes needs at least one diagnostic")
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.summary for d in self.diagnostics))


class Failure(Exception):
    """Something outside the file stopped the work: no local AWS running, an answer that was not
    expected, a program that is missing. Not the user's mistake in the file, and not a bug."""

    def __init__(self, summary: str, remedy: str | None = None) -> None:
        super().__init__(summary)
        self.summary = summary
        self.remedy = remedy
