"""What goes to the terminal: text within 100 columns, colour only where it is welcome, JSON.

Colour needs a terminal, no `NO_COLOR` and no `CI`. Everything a command prints goes through here.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from datetime import date
from textwrap import wrap
from typing import Any, NoReturn

import click

WIDTH = 100


def coloured(*, err: bool = False) -> bool:
    """Return whether colour is welcome on the stream."""
    stream = sys.stderr if err else sys.stdout
    refused = os.environ.get("NO_COLOR") or os.environ.get("CI") or os.environ.get("TERM") == "dumb"
    return stream.isatty() and not refused


def lively() -> bool:
    """Return whether moving progress is welcome: a terminal, and not a CI."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"


def width(*, err: bool = False) -> int:
    """Return how wide a line may be: the terminal's width, at most 100."""
    if err and sys.stderr.isatty():
        return max(40, min(WIDTH, os.get_terminal_size(sys.stderr.fileno()).columns or WIDTH))
    return max(40, min(WIDTH, shutil.get_terminal_size((WIDTH, 24)).columns))


def say(text: str = "", *, err: bool = False) -> None:
    """Print a line."""
    click.echo(text, err=err, color=coloured(err=err))


def emit(value: Any) -> None:
    """Print a JSON value on the standard output."""
    click.echo(json.dumps(value, indent=2, default=_in_json, ensure_ascii=False))


def _in_json(value: Any) -> str:
    """Return what JSON has no form of as text; times by ISO 8601."""
    return value.isoformat() if isinstance(value, date) else str(value)


def leave(text: str, code: int) -> NoReturn:
    """Say a last word and end the process, whatever its threads do."""
    if sys.stderr.isatty():
        sys.stderr.write("\x1b[?25h\n")  # a moving display hides the cursor
    say(text, err=True)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def red(text: str) -> str:
    """Mark what went wrong."""
    return click.style(text, fg="red")


def green(text: str) -> str:
    """Mark what went well."""
    return click.style(text, fg="green")


def yellow(text: str) -> str:
    """Mark what needs attention."""
    return click.style(text, fg="yellow")


def faint(text: str) -> str:
    """Mark what is said beside the point."""
    return click.style(text, dim=True)


def folded(text: str, indent: str, hang: str = "") -> list[str]:
    """Return a text in lines of the screen's width; from the second line on `hang` is added, and
    words in the indent are not said again."""
    return wrap(
        text,
        max(width(), len(indent) + 20),
        initial_indent=indent,
        subsequent_indent=" " * len(indent) + hang,
        break_on_hyphens=False,
        break_long_words=False,
    )


def table(rows: Iterable[Sequence[str]], *, indent: str = "") -> list[str]:
    """Return rows as aligned lines; the last column is cut where the line would be too wide."""
    kept = [tuple(row) for row in rows]
    if not kept:
        return []
    widths = [max(len(row[i]) for row in kept) for i in range(len(kept[0]) - 1)]
    lines = []
    for row in kept:
        cells = [cell.ljust(wide) for cell, wide in zip(row, widths, strict=False)]
        line = (indent + "  ".join([*cells, row[-1]])).rstrip()
        lines.append(line if len(click.unstyle(line)) <= width() else line[: width() - 1] + "…")
    return lines
