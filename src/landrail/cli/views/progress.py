"""Live progress of a walk: bars on a terminal, a plain line for each finished change elsewhere.

All of it goes to the standard error, so that `--json` stays clean.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from landrail.cli import screen
from landrail.operations.performing import Listener, does_something
from landrail.plan import Change, Plan

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_ROWS = (
    ("organization", ("organization", "ou", "account", "policy", "attachment")),
    ("control tower", ("recorder", "registration", "control")),
    ("accounts", ("defaults", "stack", "access")),
)
_SHOWN = 3
_BARS_WIDTH = 62
"""Columns of a row but for what is under way: name, bar, counts, time and the spaces between."""


@contextmanager
def watching(plan: Plan, *, quiet: bool = False) -> Iterator[Listener]:
    """Yield a listener that shows the walk of a plan while it lasts."""
    if quiet:
        yield _Lines(say=False)
    elif screen.lively():
        bars = _Bars(plan)
        with bars.progress:
            yield bars
    else:
        yield _Lines(say=True)


class _Lines:
    """One line when a change is finished."""

    def __init__(self, *, say: bool) -> None:
        self._say = say
        self._lock = threading.Lock()

    def started(self, change: Change) -> None:
        """Wait until it is finished."""

    def progressed(self, change: Change, words: str) -> None:
        """Wait until it is finished."""

    def finished(self, change: Change, error: str | None) -> None:
        """Say how it went."""
        if not self._say:
            return
        with self._lock:
            if error is None:
                screen.say(f"  done    {change.address}", err=True)
            else:
                screen.say(screen.red(f"  failed  {change.address}: {error}"), err=True)


class _Bars:
    """A bar for the organization and one for the accounts, with what is under way."""

    def __init__(self, plan: Plan) -> None:
        self.progress, self._rows = _rich_progress(plan)
        self._lock = threading.Lock()
        self._under_way: dict[str, str] = {}

    def started(self, change: Change) -> None:
        """Show it among what is under way."""
        self._tell(change, "")

    def progressed(self, change: Change, words: str) -> None:
        """Show its news."""
        self._tell(change, words.replace("_", " ").lower())

    def finished(self, change: Change, error: str | None) -> None:
        """Move the bar on."""
        with self._lock:
            self._under_way.pop(str(change.address), None)
            row = self._rows[change.address.kind]
            self.progress.update(row, advance=1, under_way=self._words(change))
            if error is not None:
                self.progress.console.print(f"failed  {change.address}: {error}", style="red")

    def _tell(self, change: Change, words: str) -> None:
        with self._lock:
            self._under_way[str(change.address)] = words
            row = self._rows[change.address.kind]
            self.progress.update(row, under_way=self._words(change))

    def _words(self, change: Change) -> str:
        row = self._rows[change.address.kind]
        mine = [
            f"{address} {words}".strip()
            for address, words in self._under_way.items()
            if (self._rows["stack"] == row) != address.startswith("organization/")
        ]
        more = " …" if len(mine) > _SHOWN else ""
        return " · ".join(mine[:_SHOWN])[: _room()] + more


def _room() -> int:
    """Return how much may be said of what is under way, so that the bars keep their place."""
    return max(8, screen.width(err=True) - _BARS_WIDTH)


def _rich_progress(plan: Plan) -> tuple[Progress, dict[str, TaskID]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    console = Console(
        stderr=True, no_color=not screen.coloured(err=True), width=screen.width(err=True)
    )
    columns = (TextColumn("{task.description:<13}"), BarColumn(bar_width=20), MofNCompleteColumn())
    progress = Progress(
        *columns, Elapsed(), TextColumn("{task.fields[under_way]}"), console=console, transient=True
    )
    totals = Counter(c.address.kind for c in plan.changes if does_something(c))
    rows: dict[str, TaskID] = {}
    for name, kinds in _ROWS:
        task = progress.add_task(name, total=sum(totals[k] for k in kinds), under_way="")
        rows |= dict.fromkeys(kinds, task)
    return progress, rows
