"""A Python process with libraries imported, which forks itself for each job that asks for it.

A script of its own, with the standard library alone: `python zygote.py FD`. It never runs a job's
code and never sees one's credentials. For a job it forks twice: the first child enters the
namespaces that bubblewrap made and waits; the second is born in them, gives up every power, closes
every handle but its output, takes the job's environment, and becomes `python -m MODULE`.
"""

from __future__ import annotations

import ctypes
import fcntl
import gc
import importlib
import json
import os
import resource
import runpy
import signal
import socket
import struct
import sys
import tempfile
from contextlib import suppress
from types import ModuleType, TracebackType
from typing import Any

_PARENT = 0xB702  # ioctl NS_GET_PARENT
_SPACES = ("mnt", "pid", "net", "ipc", "uts", "cgroup")
_DEATH_SIGNAL, _DUMPABLE, _CAPABILITY_DROP, _NO_NEW_POWERS = 1, 4, 24, 38  # prctl
_CAPABILITIES = struct.pack("=IiIIIIII", 0x20080522, 0, 0, 0, 0, 0, 0, 0)
_libc = ctypes.CDLL(None, use_errno=True)


def serve(control: socket.socket) -> dict[str, Any]:
    """Fork for each message; returns in a job's own process alone, with what it is to run."""
    while True:
        data, handles, _, _ = socket.recv_fds(control, 16, 2)
        if not data:
            with suppress(ChildProcessError):
                while os.wait():  # what it was forked into ends first
                    pass
            os._exit(0)
        output, line = handles
        pid = os.fork()
        if pid == 0:
            control.close()
            return _enter(output, line)
        os.close(output)
        os.close(line)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def preload(modules: list[str]) -> list[str]:
    """Import what there is of some modules; return the first names of all that is loaded now."""
    for name in modules:
        with suppress(ImportError):
            importlib.import_module(name)
    # What collects garbage in a fork would copy every page that it looks at.
    gc.collect()
    gc.freeze()
    return sorted({name.partition(".")[0] for name in sys.modules})


def _enter(output: int, line: int) -> dict[str, Any]:
    """Join the job's namespaces, tell the server which process the job is and how it ends."""
    _die_with_parent()
    told = os.fdopen(line, "r+b", buffering=0)
    job: dict[str, Any] = json.loads(_received(told))
    try:
        _join(job["space"])
        child = os.fork()
    except OSError as error:
        told.write(json.dumps({"failed": str(error)}).encode() + b"\n")
        os._exit(1)
    if child == 0:
        told.close()
        _become(job, output)
        return job
    os.close(output)
    told.write(json.dumps({"pid": child}).encode() + b"\n")
    _, status = os.waitpid(child, 0)
    told.write(json.dumps({"status": os.waitstatus_to_exitcode(status)}).encode() + b"\n")
    os._exit(0)


def _received(told: Any) -> bytes:
    """Read one message: its length in eight bytes, and that many."""
    parts, missing = [], struct.unpack("!Q", _exactly(told, 8))[0]
    while missing:
        parts.append(_exactly(told, min(missing, 65536)))
        missing -= len(parts[-1])
    return b"".join(parts)


def _exactly(told: Any, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = told.read(count - len(data))
        if not more:
            os._exit(1)
        data += more
    return data


def _join(pid: int) -> None:
    """Enter the namespaces of a process: its user namespaces from the outermost in, the others
    where the first of those gives the power to."""
    others = []
    for name in _SPACES:
        path = f"/proc/{pid}/ns/{name}"
        if os.readlink(path) != os.readlink(f"/proc/self/ns/{name}"):
            others.append(os.open(path, os.O_RDONLY))
    users, own = [os.open(f"/proc/{pid}/ns/user", os.O_RDONLY)], os.readlink("/proc/self/ns/user")
    if _name(users[0]) == own:
        users = []
    while users and (above := fcntl.ioctl(users[0], _PARENT)) and _name(above) != own:
        users.insert(0, above)
    for handle in (*users[:1], *others, *users[1:]):
        if _libc.setns(handle, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, f"cannot enter the sandbox: {os.strerror(number)}")
        os.close(handle)


def _name(handle: int) -> str:
    return os.readlink(f"/proc/self/fd/{handle}")


def _become(job: dict[str, Any], output: int) -> None:
    """Make a process of the zygote's fork that has what the job was given, and nothing else."""
    os.setsid()
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    for name, value in job["limits"].items():
        number = getattr(resource, name)
        most = resource.getrlimit(number)[1]
        limit = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(number, (limit, limit))
    _give_up_powers()
    _die_with_parent()
    os.chdir(job["folder"])
    # Libraries leave words for others while they are imported, and so does Python.
    left = {name: value for name, value in os.environ.items() if name not in job["had"]}
    os.environ.clear()
    os.environ.update({"PWD": job["folder"], **left, **job["env"]})
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _forget()
    paths = [part for part in job["env"].get("PYTHONPATH", "").split(":") if part]
    seen = [path for path in sys.path if path.endswith(".zip") or os.path.exists(path)]
    sys.path[:] = [job["folder"], *paths, *seen]
    sys.path_importer_cache.clear()
    sys.excepthook = _tell
    sys.argv = ["-m", *job["arguments"]]
    sys.orig_argv = ["python", "-m", job["module"], *job["arguments"]]


def _give_up_powers() -> None:
    """Lose every capability for good, as bubblewrap does before it starts a program."""
    for number in range(64):
        _libc.prctl(_CAPABILITY_DROP, number, 0, 0, 0)
    if _libc.prctl(_NO_NEW_POWERS, 1, 0, 0, 0) or _libc.capset(_CAPABILITIES, _CAPABILITIES[8:]):
        os._exit(126)
    _libc.prctl(_DUMPABLE, 1, 0, 0, 0)  # or it could not look at itself in /proc


def _forget() -> None:
    """Draw anew what every process draws for itself, and forget where files went."""
    tempfile.tempdir = None
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def _tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print an error as it would be without this script around it."""
    if trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    sys.__excepthook__(kind, error.with_traceback(trace), trace)


def _die_with_parent() -> None:
    _libc.prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def main() -> dict[str, Any]:
    """Import what the first message says, then serve; returns in a job's process alone."""
    _die_with_parent()
    del sys.path[0]  # where this script lies
    control = socket.socket(fileno=int(sys.argv[1]))
    asked = json.loads(_received(control.makefile("rb", buffering=0)))
    loaded = json.dumps(preload(asked)).encode()
    control.sendall(struct.pack("!Q", len(loaded)) + loaded)
    return serve(control)


if __name__ == "__main__":
    _job = main()
    sys.modules["__main__"] = ModuleType("__main__")
    sys.modules["__main__"].__dict__["__builtins__"] = __builtins__
    # What `python -m` itself calls.
    runpy._run_module_as_main(_job["module"])  # type: ignore[attr-defined]  # untyped
