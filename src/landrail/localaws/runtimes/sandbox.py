"""How a process is walled in: the bubblewrap command line, or the same paths without walls.

With bubblewrap the process sees the system read-only, the host's Python or the image's own root,
its binds at their real places (`/opt/program`, `/opt/ml`), a private `/tmp` and nothing of the
user's home. Without it every bound path is translated to where it lies on this machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from landrail.localaws.runtimes.host import python_folders
from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.warm import Warm

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = (
    *("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "hosts", "resolv.conf", "nsswitch.conf"),
    *("passwd", "group", "ssl", "ca-certificates", "pki", "localtime", "alternatives"),
    *("mime.types", "host.conf", "gai.conf", "services", "protocols"),
)
_NAMESPACES = (
    *("--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts"),
    "--unshare-cgroup-try",
)
_ROOT, _SHARED = 64 * 1024 * 1024, 2 * 1024 * 1024 * 1024
_CORES = "/sys/devices/system/cpu"
# Ends a process with the server that started it, where bubblewrap is not there to do it.
TIED = (
    "import ctypes,os,sys;ctypes.CDLL(None).prctl(1,9);"
    "os.chdir(sys.argv[1]);os.execvpe(sys.argv[2],sys.argv[2:],os.environ)"
)


@dataclass(frozen=True, slots=True)
class Bind:
    """A folder or file of this machine at an absolute path of the process."""

    source: Path
    target: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One process to run: `env` is its whole environment (`HOME` and `TMPDIR` point to the private
    scratch unless given), `workdir` a path as the process sees it, `root` an image's own root
    file system or None for the host's Python, `scratch` a writable folder that becomes `/tmp`.
    With a `way` it reaches that port of this machine's loopback interface and nothing else.
    `warm` says how it may start by a fork; then `beside` runs in its sandbox, too."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    workdir: str
    scratch: Path
    binds: tuple[Bind, ...] = field(default_factory=tuple)
    root: Path | None = None
    network: bool = True
    limits: Limits = field(default_factory=Limits)
    way: int | None = None
    warm: Warm | None = None
    beside: tuple[str, ...] = ()


class CannotRun(Exception):
    """The process cannot be started on this machine; the text says why, for the user."""


@lru_cache(maxsize=1)
def wall() -> tuple[str | None, str]:
    """Return the bubblewrap program (None where it cannot be used) and what to tell about it."""
    program = shutil.which("bwrap")
    if program is None:
        return None, "none (install bubblewrap: jobs then see only their own files)"
    probe = [program, *_NAMESPACES, "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    done = subprocess.run(probe, capture_output=True, text=True, check=False, timeout=20)
    if done.returncode:
        return None, f"none (bubblewrap does not work here: {done.stderr.strip()[:200]})"
    return program, "bubblewrap"


@lru_cache(maxsize=1)
def _powerless() -> tuple[str, ...]:
    """Return what takes every power from a process: root's own server would hand root's on, and
    whoever can mount can leave. In a user namespace of its own it counts its processes alone, and
    it makes no further one."""
    program, _ = wall()
    further = ("--unshare-user", "--disable-userns")
    for words in ((*further, "--cap-drop", "ALL"), (further[0], "--cap-drop", "ALL")):
        probe = [str(program), *_NAMESPACES, *words, "--ro-bind", "/", "/", "true"]
        if not subprocess.run(probe, capture_output=True, check=False, timeout=20).returncode:
            return words
    return ("--cap-drop", "ALL")


@lru_cache(maxsize=1)
def _sizes() -> bool:
    """Return whether bubblewrap knows sizes; it does since version 0.6."""
    program, _ = wall()
    probe = [str(program), *_NAMESPACES, "--ro-bind", "/", "/", "--size", "4096", "--tmpfs", "/tmp"]
    return not subprocess.run(
        [*probe, "true"], capture_output=True, check=False, timeout=20
    ).returncode


def _sized(size: int) -> list[str]:
    return ["--size", str(size)] if _sizes() else []


def command(work: Work) -> tuple[list[str], dict[str, str], str | None]:
    """Return the command, environment and working directory (None: the command changes to it)."""
    program, _ = wall()
    if program is not None:
        before, words, env = walled(work, ())
        return [*before, *words, "--", *work.argv], env, None
    return _open(work)


def walled(work: Work, options: Sequence[str]) -> tuple[list[str], list[str], dict[str, str]]:
    """Return what sets the limits, bubblewrap's command as far as its options go, and the
    environment; raises CannotRun where there is no bubblewrap."""
    program, why = wall()
    if program is None:
        raise CannotRun(why)
    env = {"HOME": "/tmp", "TMPDIR": "/tmp", **work.env}
    return work.limits.prefix(), [program, *options, *_walled(work)], env


def _walled(work: Work) -> list[str]:
    words = [*_NAMESPACES, *_powerless(), *([] if work.network else ["--unshare-net"])]
    if work.root is not None:
        words += ["--ro-bind", str(work.root), "/", "--bind", str(work.scratch), "/tmp"]
    else:
        words += [*_sized(_ROOT), "--tmpfs", "/"]
        # The scratch comes first: the host's Python may itself lie below /tmp.
        words += ["--bind", str(work.scratch), "/tmp", *_host_root()]
    # What is written to these is memory, and nobody's.
    shared = (work.limits.memory or _SHARED) // 2
    words += ["--proc", "/proc", "--dev", "/dev", *_sized(shared), "--tmpfs", "/dev/shm"]
    words += ["--remount-ro", "/dev"]
    for bind in sorted(work.binds, key=lambda b: len(Path(b.target).parts)):
        words += ["--bind" if bind.writable else "--ro-bind", str(bind.source), bind.target]
    return [*words, "--chdir", work.workdir]


def _host_root() -> list[str]:
    words: list[str] = []
    for name in _SYSTEM:
        path = Path(name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), name]
        elif path.is_dir():
            words += ["--ro-bind", name, name]
    for name in _SETTINGS:
        words += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    # Where libraries count the machine's cores; without it each of them warns in the job's log.
    words += ["--ro-bind-try", _CORES, _CORES]
    for folder in python_folders():
        if not folder.is_relative_to("/usr"):
            words += ["--ro-bind", str(folder), str(folder)]
    return words


def _open(work: Work) -> tuple[list[str], dict[str, str], str | None]:
    if work.root is not None:
        raise CannotRun("an image with a root file system of its own needs bubblewrap installed")
    places = {b.target: str(b.source) for b in work.binds}
    env = {"HOME": str(work.scratch), "TMPDIR": str(work.scratch)}
    env |= {k: _translate(v, places) for k, v in work.env.items()}
    argv = [_translate(word, places) for word in work.argv]
    workdir = _translate(work.workdir, places)
    tied = [sys.executable, "-I", "-S", "-c", TIED, workdir, *argv]
    return [*work.limits.prefix(), *tied], env, None


def _translate(text: str, places: Mapping[str, str]) -> str:
    """Put this machine's folders where a text names bound paths."""
    if not places:
        return text
    longest_first = sorted(places, key=len, reverse=True)
    pattern = rf"(?<![\w./-])({'|'.join(map(re.escape, longest_first))})(?=[/:,;\"'\s\]]|$)"
    return re.sub(pattern, lambda m: places[m.group(1)], text)
