"""The processes that fork themselves for jobs that start warm: few, and not for long unused.

bubblewrap makes a job's sandbox as for a cold start, with a program in it that only waits; the
fork enters it and gives up every power there. The sandbox ends with the job, and the job with the
sandbox, with the process that was forked, or with the server. Where anything of that does not
work, the job starts cold.
"""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from landrail.localaws.runtimes import zygote
from landrail.localaws.runtimes.host import search_path
from landrail.localaws.runtimes.sandbox import Work, walled
from landrail.localaws.runtimes.warm import Warm

MOST = 2
"""Processes that wait to be forked; each holds its libraries in memory."""
_IDLE_SECONDS = 300.0
_READY_SECONDS = 60.0
_ENTER_SECONDS = 20.0
_WAITS = ("/bin/sh", "-c", 'echo; exec "$@"', "holder")
Spawn = Callable[[Callable[[], subprocess.Popen[bytes]]], subprocess.Popen[bytes]]


class NotWarm(Exception):
    """A job cannot start warm; the text says why."""


@dataclass
class Parent:
    """One process to fork."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    loaded: frozenset[str]
    used: float = field(default_factory=time.monotonic)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def retire(self) -> None:
        """Let it end once the last job ends that it was forked into."""
        self.control.close()
        threading.Thread(target=self.process.wait, name="retired", daemon=True).start()


class Forked:
    """A job's process, with the little of `subprocess.Popen` that is asked of one."""

    def __init__(self, holder: subprocess.Popen[bytes], line: io.RawIOBase, child: int, out: int):
        self._holder = holder
        self._line = line
        self._ended = threading.Event()
        self.child = child
        self.pid = holder.pid
        self.returncode: int | None = None
        self.stdout: IO[bytes] = os.fdopen(out, "rb")
        threading.Thread(target=self._wait, name="forked", daemon=True).start()

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises subprocess.TimeoutExpired."""
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired("a forked process", timeout or 0.0)
        assert self.returncode is not None
        return self.returncode

    def _wait(self) -> None:
        status = -signal.SIGKILL.value  # where it was killed with whoever was to tell
        with self._line, suppress(OSError, ValueError, KeyError):
            status = int(json.loads(self._line.readline())["status"])
        end(self._holder)
        self.returncode = status
        self._ended.set()


class Forks:
    """All of them, by what they have imported."""

    def __init__(self, spawn: Spawn) -> None:
        """Start processes by `spawn`, in the thread that lives as long as the server."""
        self._spawn = spawn
        self._parents: dict[tuple[Any, ...], Parent] = {}
        self._hopeless: set[tuple[Any, ...]] = set()
        self._lock = threading.Lock()
        self._reaper: threading.Thread | None = None

    def start(self, work: Work, how: Warm, beside: Sequence[str]) -> Forked:
        """Start a job warm, with the command `beside` it in its sandbox; raises NotWarm."""
        parent = self._parent(how)
        shadowed = parent.loaded & how.shadowing
        if shadowed:
            raise NotWarm(f"the image has its own {', '.join(sorted(shadowed))}")
        holder, space = self._sandbox(work, beside)
        try:
            return _fork(parent, holder, space, work, how)
        except (OSError, ValueError) as error:
            end(holder)
            self._drop(parent)
            raise NotWarm(str(error)) from error
        except NotWarm:
            end(holder)
            raise

    def _parent(self, how: Warm) -> Parent:
        key = (how.env, how.libraries)
        with self._lock:
            if key in self._hopeless:
                raise NotWarm("the libraries could not be imported beforehand")
            parent = self._parents.get(key)
            if parent is None or parent.process.poll() is not None:
                self._parents.pop(key, None)
                while len(self._parents) >= MOST:
                    oldest = min(self._parents, key=lambda k: self._parents[k].used)
                    self._parents.pop(oldest).retire()
                try:
                    parent = self._parents[key] = self._open(how)
                except NotWarm:
                    self._hopeless.add(key)
                    raise
                self._watch()
            parent.used = time.monotonic()
            return parent

    def _open(self, how: Warm) -> Parent:
        ours, theirs = socket.socketpair()
        python = f"{search_path().partition(':')[0]}/python"
        argv = [python, str(Path(zygote.__file__)), str(theirs.fileno())]
        env = {**dict(how.env), "PATH": search_path(), "HOME": "/nonexistent"}
        process = self._spawn(
            lambda: subprocess.Popen(
                argv,
                env=env,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
        )
        theirs.close()
        ours.settimeout(_READY_SECONDS)
        try:
            ours.sendall(_message(list(how.libraries)))
            with ours.makefile("rb") as answer:
                size = struct.unpack("!Q", answer.read(8))[0]
                loaded = frozenset(json.loads(answer.read(size)))
        except (OSError, ValueError, struct.error) as error:
            ours.close()
            process.kill()
            process.wait()
            raise NotWarm(f"the libraries cannot be imported beforehand: {error}") from error
        return Parent(process, ours, loaded)

    def _watch(self) -> None:
        if self._reaper is None:
            self._reaper = threading.Thread(target=self._reap, name="forks", daemon=True)
            self._reaper.start()

    def _reap(self) -> None:
        """Let those end that no job asked for in a while."""
        while True:
            time.sleep(_IDLE_SECONDS / 10)
            with self._lock:
                old = time.monotonic() - _IDLE_SECONDS
                idle = [k for k, p in self._parents.items() if p.used < old]
                for key in idle:
                    self._parents.pop(key).retire()

    def _drop(self, parent: Parent) -> None:
        with self._lock:
            for key in [k for k, p in self._parents.items() if p is parent]:
                del self._parents[key]
                parent.retire()

    def _sandbox(self, work: Work, beside: Sequence[str]) -> tuple[subprocess.Popen[bytes], int]:
        """Make the sandbox; return bubblewrap's process and one that is inside."""
        told, tell = os.pipe()
        before, argv, env = walled(work, ["--info-fd", str(tell)])
        program = [*_WAITS, *(beside or ("/bin/cat",))]
        holder = self._spawn(
            lambda: subprocess.Popen(
                [*before, *argv, "--", *program],
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[tell],
                start_new_session=True,
            )
        )
        os.close(tell)
        with os.fdopen(told, "rb") as information:
            assert holder.stdout is not None
            if not holder.stdout.readline():
                end(holder)
                raise NotWarm("the sandbox could not be made")
            # Whoever is inside keeps the pipe open: what was written is there, and no end.
            return holder, int(json.loads(os.read(information.fileno(), 4096))["child-pid"])


def end(holder: subprocess.Popen[bytes]) -> None:
    """End a sandbox and all that runs in it."""
    with suppress(ProcessLookupError):
        os.killpg(holder.pid, signal.SIGKILL)
    holder.wait()
    for pipe in (holder.stdin, holder.stdout):
        if pipe is not None:
            pipe.close()


def _fork(
    parent: Parent, holder: subprocess.Popen[bytes], space: int, work: Work, how: Warm
) -> Forked:
    out, output = os.pipe()
    ours, theirs = socket.socketpair()
    job = {
        "space": space,
        "module": how.module,
        "arguments": list(how.arguments),
        "folder": work.workdir,
        "env": {"HOME": "/tmp", "TMPDIR": "/tmp", **work.env},
        "had": [*dict(how.env), "PATH", "HOME"],
        "limits": work.limits.numbers(),
    }
    try:
        with parent.lock:
            socket.send_fds(parent.control, [b"fork"], [output, theirs.fileno()])
        os.close(output)
        theirs.close()
        ours.settimeout(_ENTER_SECONDS)
        ours.sendall(_message(job))
        line = ours.makefile("rb", buffering=0)
        answer = json.loads(_line(line))
        if "pid" not in answer:
            raise NotWarm(answer.get("failed", "the process was not forked"))
    except BaseException:
        ours.close()
        os.close(out)
        raise
    ours.settimeout(None)
    ours.close()  # the file keeps it open
    return Forked(holder, line, int(answer["pid"]), out)


def _line(file: io.RawIOBase) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        piece = file.read(1)
        if not piece:
            raise NotWarm("the process was not forked")
        line += piece
    return line


def _message(content: Any) -> bytes:
    data = json.dumps(content).encode()
    return struct.pack("!Q", len(data)) + data
