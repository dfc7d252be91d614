"""One at a time: while a command changes a platform, another that would is refused.

A lock on a file of the state folder, which the system lets go of when its holder ends, however it
ends. It keeps apart the commands of one folder; it knows nothing of other machines.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from landrail.diagnostics import Failure
from landrail.operations.project import STATE, not_writable

_FILE = "turn.lock"


@contextmanager
def turn(file: Path, doing: str) -> Iterator[None]:
    """Hold the platform of a file for the command `doing`; raises Failure where another has it."""
    state = file.resolve().parent / STATE
    try:
        state.mkdir(mode=0o700, exist_ok=True)
        lock = (state / _FILE).open("a+")
    except OSError as error:
        raise not_writable(state, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(lock.name) from error
        lock.truncate(0)
        lock.write(f"landrail {doing} (process {os.getpid()})")
        lock.flush()
        yield


def check_free(state: Path) -> None:
    """Refuse to take the local AWS away from a command that works on it; raises Failure."""
    path = state / _FILE
    try:
        lock = path.open("r+")
    except OSError:
        return
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(lock.name) from error


def _taken(path: str) -> Failure:
    try:
        holder = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        holder = ""
    return Failure(
        f"{holder or 'another landrail'} is at work on this platform; nothing was changed",
        "wait until it ends, or stop it with ^C: that is safe",
    )
