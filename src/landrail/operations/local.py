"""Start, stop, look at and forget the local AWS of a folder.

The local AWS is a process of its own, `python -m landrail.localaws`; this module starts and ends it
and knows nothing of what is inside.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from landrail.diagnostics import Failure
from landrail.operations.project import STATE, not_writable
from landrail.operations.server import HEALTH, MODULE, Server, is_ours, memory_mb, running

LOG = "server.log"
_START_SECONDS = 60.0
_STOP_SECONDS = 30.0
_STEP = 0.05
_UNUSABLE = 4
"""The exit code of a server that cannot use its state folder; its last line says why."""


@dataclass(frozen=True, slots=True)
class Status:
    """What `landrail local status` tells; the fields after `running` are None where it is not."""

    state: str
    running: bool
    endpoint: str | None = None
    pid: int | None = None
    management_account: str | None = None
    version: str | None = None
    isolation: str | None = None
    memory_mb: float | None = None
    healthy: bool | None = None


def start(state: Path) -> Server:
    """Return the running local AWS of a folder, started if need be; raises Failure where it does
    not come up, with the end of its log."""
    if find_spec("moto") is None:
        raise Failure(
            "the local AWS is not installed",
            "it comes with an extra: pip install 'landrail[local]'",
        )
    with _alone(state):
        return running(state) or _started(state)


def stop(state: Path) -> bool:
    """End the local AWS of a folder; False where it did not run."""
    server = running(state)
    if server is None:
        return False
    os.kill(server.pid, signal.SIGTERM)
    if not _gone(server.pid, state, _STOP_SECONDS):
        os.kill(server.pid, signal.SIGKILL)
        if not _gone(server.pid, state, 5.0):
            raise Failure(f"the local AWS (process {server.pid}) does not end")
    return True


def reset(state: Path) -> bool:
    """End the local AWS and delete its state folder; False where there was nothing."""
    stop(state)
    if not state.exists():
        return False
    if state.name != STATE or state.is_symlink() or not state.is_dir():
        raise Failure(f"`{state}` is not a state folder of landrail; it is left as it is")
    shutil.rmtree(state)
    return True


def status(state: Path) -> Status:
    """Return how the local AWS of a folder is."""
    server = running(state)
    if server is None:
        return Status(str(state), running=False)
    health = server.get(HEALTH)
    told = {**server.more, **(health or {})}
    return Status(
        str(state),
        running=True,
        endpoint=server.endpoint,
        pid=server.pid,
        management_account=server.management_account,
        version=told.get("version"),
        isolation=told.get("isolation"),
        memory_mb=memory_mb(server.pid),
        healthy=health is not None and health.get("ready") is True,
    )


@contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Hold the folder, so that two starts at once make one server."""
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = (state / "start.lock").open("w")
    except OSError as error:
        raise not_writable(state, error) from error
    with held as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _started(state: Path) -> Server:
    with (state / LOG).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", MODULE, "--state", str(state.resolve())],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=state.resolve().parent,
            env=_environment(),
            start_new_session=True,
        )
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        code = process.poll()
        if code == _UNUSABLE:
            raise Failure(
                _last_line(state).removeprefix("unusable: "),
                "nothing was changed; `landrail local reset` deletes it and begins anew",
            )
        if code is not None:
            raise Failure(
                f"the local AWS ended at its start (exit code {code})", _last_words(state)
            )
        server = running(state)
        if server is not None and server.pid == process.pid and _ready(server):
            process.returncode = 0  # it lives on by itself; nobody here waits for it
            return server
        time.sleep(_STEP)
    process.kill()
    process.wait()
    raise Failure(f"the local AWS was not ready in {_START_SECONDS:.0f} s", _last_words(state))


def _ready(server: Server) -> bool:
    health = server.get(HEALTH)
    return health is not None and health.get("ready") is True


def _environment() -> dict[str, str]:
    """Return this process's environment without anything of AWS and without proxies."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and not name.lower().endswith("_proxy")
    }


def _gone(pid: int, state: Path, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not is_ours(pid, state):
            return True
        time.sleep(_STEP)
    return False


def _last_words(state: Path) -> str:
    return f"its last words: {_last_line(state)[:300]} (all in {state / LOG})"


def _last_line(state: Path) -> str:
    try:
        lines = (state / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return next((line.strip() for line in reversed(lines) if line.strip()), "nothing")
