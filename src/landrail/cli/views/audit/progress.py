"""How far an audit is: a bar on a terminal, nothing elsewhere. It goes to the standard error."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from landrail.cli import screen
from landrail.cli.views.target import target_line
from landrail.inventory import Table
from landrail.operations.audit.scope import Audited
from landrail.operations.audit.values import Told
from landrail.operations.project import Project
from landrail.operations.target import Target

if TYPE_CHECKING:
    from rich.progress import Progress

_BAR_WIDTH = 60
"""Columns of the line but for what is under way."""


@contextmanager
def following(*, quiet: bool) -> Iterator[Told]:
    """Yield who hears of an audit while it lasts; `quiet` leaves out the line of the target."""

    def opened(project: Project, target: Target) -> None:
        if not quiet:
            screen.say(target_line(project, target))

    if not screen.lively():
        yield Told(opened=opened)
        return
    bar = _Bar()
    with bar.progress:
        yield Told(opened=opened, begun=bar.begun, read=bar.read)


class _Bar:
    """Tables of accounts that were read, of all."""

    def __init__(self) -> None:
        self.progress = _rich_progress()
        self._task = self.progress.add_task("reading", total=None, under_way="")
        self._lock = threading.Lock()
        self._names: dict[str, str] = {}

    def begun(self, accounts: Sequence[Audited], tables: Sequence[Table]) -> None:
        """Say how much there is to do."""
        self._names = {account.account_id: account.name for account in accounts}
        self.progress.update(self._task, total=len(accounts) * len(tables))

    def read(self, account_id: str, table: str) -> None:
        """Move on."""
        room = max(8, screen.width(err=True) - _BAR_WIDTH)
        words = f"{self._names.get(account_id, account_id)}: {table}"[:room]
        with self._lock:
            self.progress.update(self._task, advance=1, under_way=words)


def _rich_progress() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    console = Console(
        stderr=True, no_color=not screen.coloured(err=True), width=screen.width(err=True)
    )
    return Progress(
        TextColumn("{task.description:<8}"),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        Elapsed(),
        TextColumn("{task.fields[under_way]}"),
        console=console,
        transient=True,
    )
