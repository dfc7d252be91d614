"""Starts one process, hands on its output line by line, and ends it with all its children.

Used by jobs, endpoints and builds alike: `start(Work(...), on_line)` gives a `Running`, whose
`wait` gives the `Exit`. It decides nothing about what runs.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from landrail.localaws.runtimes.forks import Forked, Forks, NotWarm
from landrail.localaws.runtimes.sandbox import Bind, CannotRun, Work, command, wall
from landrail.localaws.runtimes.warden import Ward, warden
from landrail.localaws.runtimes.ways import inside, outside

__all__ = ["Bind", "CannotRun", "Exit", "Running", "Work", "isolation", "start"]

_MAX_LINE = 200_000
_SIGNALLED = 128
# The kernel ends a child tied to its parent when the *thread* that made it ends; this one lives as
# long as the server.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")
_log = logging.getLogger(__name__)


def _spawned(spawn: Callable[[], subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    return _spawner.submit(spawn).result()


_forks = Forks(_spawned)


@dataclass(frozen=True, slots=True)
class Exit:
    """How a process ended: its exit status as shells tell it (128 and more: a signal), whether
    time ran out, and which limit it exceeded: `memory`, `processes`, `disk` or none."""

    status: int
    timed_out: bool = False
    exceeded: str | None = None


class Running:
    """A process under way; its output goes to the callback given to `start`."""

    def __init__(
        self,
        process: subprocess.Popen[bytes] | Forked,
        work: Work,
        on_line: Callable[[str], None],
        way: subprocess.Popen[bytes] | None = None,
    ) -> None:
        """Take over a process in a group of its own, its output a pipe, and its way out."""
        self._process = process
        self._way = way
        folders = [work.scratch, *(bind.source for bind in work.binds if bind.writable)]
        roots = [process.pid, process.child] if isinstance(process, Forked) else [process.pid]
        self._ward = Ward(work.limits, roots, folders, self._kill)
        warden.take(self._ward)
        self._reader = threading.Thread(target=self._read, args=(on_line,), daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process id, also of its process group."""
        return self._process.pid

    @property
    def roots(self) -> Sequence[int]:
        """The processes that it and its children are below: its sandbox, and where it was forked
        into that."""
        return self._ward.roots

    @property
    def calls_from(self) -> int:
        """The process whose connections are this one's, and those of what is below it."""
        return self.pid if self._way is None else self._way.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def exceeded(self) -> str | None:
        """Which limit it exceeded, as `Exit` tells it."""
        return self._ward.exceeded

    def wait(self, timeout: float | None = None, grace: float = 5.0) -> Exit:
        """Wait for the end; after `timeout` seconds stop it. All output was handed on by then."""
        timed_out = False
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            timed_out = True
            self.stop(grace)
        self._sweep(signal.SIGKILL)
        if self._way is not None:
            self._way.kill()
            self._way.wait()
        warden.leave(self._ward)
        self._reader.join(timeout=5)
        status = int(self._process.returncode or 0)
        return Exit(_SIGNALLED - status if status < 0 else status, timed_out, self._ward.exceeded)

    def stop(self, grace: float = 5.0) -> None:
        """Ask the process group to end; kill it after `grace` seconds."""
        self._ask()
        try:
            self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._sweep(signal.SIGKILL)
            self._process.wait()

    def _ask(self) -> None:
        if isinstance(self._process, Forked):
            for pid in _group(self._process.child):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
            return
        # The sandbox's own process is spared: its end would kill what it holds without asking.
        members = _group(self.pid)
        for pid in members if len(members) == 1 or wall()[0] is None else members - {self.pid}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    def _kill(self) -> None:
        self._sweep(signal.SIGKILL)

    def _sweep(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def _read(self, on_line: Callable[[str], None]) -> None:
        out = self._process.stdout
        assert out is not None
        with out:
            for line in _lines(out):
                on_line(line)


def start(work: Work, on_line: Callable[[str], None]) -> Running:
    """Start a process; `on_line` is called from another thread with each line of its output.

    It starts by a fork where it may, else by itself. Raises CannotRun where the program is missing
    or the machine cannot run it.
    """
    if work.warm is not None and wall()[0] is not None:
        try:
            return Running(_forks.start(work, work.warm, work.beside), work, on_line)
        except (NotWarm, OSError) as why:
            _log.info("a cold start of %s: %s", work.warm.module, why)
    way = None
    try:
        if work.way is not None and wall()[0] is not None:
            port = work.way
            work, folder = inside(work, port)
            way = _spawned(lambda: outside(folder, port))
        argv, env, cwd = command(work)
        process = _spawned(
            lambda: subprocess.Popen(
                argv,
                env=env,
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        )
    except OSError as error:
        if way is not None:
            way.kill()
            way.wait()
        raise CannotRun(f"cannot start {work.argv[0]}: {error.strerror or error}") from error
    return Running(process, work, on_line, way)


def isolation() -> str:
    """Say how processes are walled in on this machine: `bubblewrap`, or `none (why)`."""
    return wall()[1]


def _lines(stream: IO[bytes]) -> Iterator[str]:
    while raw := stream.readline(_MAX_LINE):
        yield raw.decode("utf-8", "replace").rstrip("\r\n")


def _group(leader: int) -> set[int]:
    """Return the processes of a process group."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(ProcessLookupError, PermissionError):
            if os.getpgid(int(entry.name)) == leader:
                found.add(int(entry.name))
    return found
