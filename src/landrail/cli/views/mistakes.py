"""Diagnostics as lines: the place, what is wrong, and below it what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import Any

from landrail.cli import screen
from landrail.diagnostics import Diagnostic, Severity, counted

_WIDEST_PLACE = 40


def mistake_lines(diagnostics: Sequence[Diagnostic]) -> Iterator[str]:
    """Yield the lines of some diagnostics, aligned."""
    places = [str(d.source) if d.source else "" for d in diagnostics]
    column = max((len(place) for place in places if len(place) <= _WIDEST_PLACE), default=0)
    column = column + 2 if column else 0
    room = screen.width() - column
    for place, diagnostic in zip(places, diagnostics, strict=True):
        words = diagnostic.summary
        if diagnostic.severity is Severity.WARNING:
            words = f"warning: {words}"
        lines = _wrapped(words, room)
        if len(place) > _WIDEST_PLACE:
            yield place
            place = ""
        paint = screen.yellow if diagnostic.severity is Severity.WARNING else screen.red
        for number, line in enumerate(lines):
            start = place if number == 0 else ""
            yield start.ljust(column) + paint(line)
        for line in _wrapped(diagnostic.remedy or "", room):
            yield " " * column + line


def _wrapped(text: str, room: int) -> list[str]:
    wide = max(room, 30)
    parts = (
        wrap(line, wide, break_long_words=False, break_on_hyphens=False)
        for line in text.splitlines()
    )
    return [line for part in parts for line in part]


def closing(diagnostics: Sequence[Diagnostic]) -> str:
    """Return the last line under some mistakes."""
    count = sum(1 for d in diagnostics if d.severity is Severity.ERROR)
    return f"{counted(count, 'mistake')}. Nothing was changed."


def as_data(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Return diagnostics as JSON values."""
    return [
        {
            "severity": d.severity.value,
            "summary": d.summary,
            "remedy": d.remedy,
            "file": d.source.file if d.source else None,
            "line": d.source.start.line if d.source else None,
            "column": d.source.start.column if d.source else None,
        }
        for d in diagnostics
    ]
