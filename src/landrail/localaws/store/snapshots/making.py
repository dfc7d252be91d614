"""Making a snapshot while the server goes on: a forked child writes down what stood at that moment.

The child shares the memory of its parent as it was, so nobody waits for it. It pickles, loads what
it pickled, holds both against each other, writes a file of a temporary name and ends; the parent
puts the file in its place. A child that fails, hangs or is killed leaves the last snapshot there.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from landrail.localaws.store.snapshots import file, pickling, sameness
from landrail.localaws.store.snapshots.file import Point
from landrail.localaws.store.snapshots.pickling import Unfit

_LONGEST = 300.0
_DEEP = 20_000


@dataclass(frozen=True, slots=True)
class Made:
    """How a child ended: what went wrong, or nothing; and the CPU time that it took."""

    wrong: str
    seconds: float


@dataclass(slots=True)
class Child:
    """A child at work; `says` is where it tells what went wrong."""

    pid: int
    says: int
    path: Path

    def wait(self) -> Made:
        """Wait until it has ended."""
        until = time.monotonic() + _LONGEST
        while True:
            pid, status, used = os.wait4(self.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > until:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.02)
        with os.fdopen(self.says, "rb") as pipe:
            said = pipe.read().decode(errors="replace")
        code = os.waitstatus_to_exitcode(status)
        wrong = said or (f"it ended with {code}" if code else "")
        return Made(wrong, used.ru_utime + used.ru_stime)


def begin(path: Path, point: Point, contents: tuple[Any, ...], secret: bytes) -> Child:
    """Fork a child that writes `contents` to a new file; whoever calls holds the store's lock."""
    path.unlink(missing_ok=True)
    hears, says = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_the_child(says, lambda: _write(path, point, contents, secret))
    os.close(says)
    return Child(pid, hears, path)


def _be_the_child(says: int, work: Callable[[], None]) -> NoReturn:
    """Do the work and end, whatever happens: nothing of the server may go on in here."""
    code = 1
    try:
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, signal.SIG_DFL)
        gc.disable()
        sys.setrecursionlimit(_DEEP)
        os.nice(5)
        _close_all_but(says)
        work()
        code = 0
    except (Unfit, OSError) as error:
        os.write(says, str(error).encode()[:4000])
    except BaseException:  # noqa: BLE001  (an exception must not unwind into the server's frames)
        os.write(says, traceback.format_exc().encode()[-4000:])
    finally:
        os._exit(code)


def _close_all_but(kept: int) -> None:
    """The folder's lock, sockets and databases are the parent's: held here, they would outlive
    it."""
    limit = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 20)
    os.closerange(3, kept)
    os.closerange(kept + 1, limit)


def _write(path: Path, point: Point, contents: tuple[Any, ...], secret: bytes) -> None:
    parts = tuple(pickling.dump(part) for part in contents)
    for part, whole in zip(parts, contents, strict=True):
        where = sameness.difference(whole, pickling.load(part))
        if where is not None:
            raise Unfit(f"it would not come back as it is: {where}")
    file.write(path, point, parts, secret)
