"""Following an execution on the screen: what it tells, and what ^C means while it goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from landrail.cli import screen
from landrail.cli.typed import typed
from landrail.operations.runs.acts import Began
from landrail.operations.runs.following import Follower
from landrail.operations.runs.opened import Opened

_LONGEST = 8 * 3600.0  # seconds that `--follow` waits


def follower(opened: Opened, began: Began, *, quiet: bool) -> Follower:
    """Return who follows an execution and tells its stages, unless `quiet`."""
    tell = (lambda _line: None) if quiet else screen.say
    return Follower(opened, began.pipeline.name, tell, longest=_LONGEST)


@contextmanager
def going_on(execution: str, model: str, file: Path) -> Iterator[None]:
    """Say at ^C that the execution is not stopped by it, and how it would be."""
    try:
        yield
    except KeyboardInterrupt:
        stop = typed(f"model stop {model} --run {execution[:8]}", file)
        screen.say(f"\nexecution {execution} goes on; `{stop}` stops it", err=True)
        raise
