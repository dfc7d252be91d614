"""What a process may use, all its children together, and what it uses.

The size of one file and the memory of one process are limits of the kernel, set before the program
starts. Memory, processes and disk of all of them together are looked at by `warden`, since a
machine's control groups belong to its owner.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_SPARE = 64 * 1024 * 1024
"""Bytes that a file system keeps free: less than this stops whoever writes."""
_MOST_FILES = 20_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of memory, processes, and bytes on disk; None where nothing is set."""

    memory: int | None = None
    processes: int | None = None
    disk: int | None = None

    def numbers(self) -> dict[str, int]:
        """Return the kernel's limits by name."""
        found = {"RLIMIT_CORE": 0}
        if self.disk is not None:
            found["RLIMIT_FSIZE"] = self.disk
        if self.memory is not None:
            found["RLIMIT_DATA"] = self.memory
        return found

    def prefix(self) -> list[str]:
        """Return the command that sets the kernel's limits and goes on with what follows it."""
        words = ["ulimit -c 0"]
        if self.disk is not None:
            words.append(f"ulimit -f {max(1, self.disk // 512)}")
        if self.memory is not None:
            words.append(f"ulimit -d {max(1, self.memory // 1024)}")
        return ["/bin/sh", "-c", f'{"; ".join(words)}; exec "$@"', "limited"]

    def exceeded(self, roots: Iterable[int]) -> str | None:
        """Return which limit the processes below some exceed: `memory` or `processes`."""
        if self.memory is None and self.processes is None:
            return None
        pids = below(roots)
        if self.processes is not None and len(pids) > self.processes:
            return "processes"
        if self.memory is not None and _resident(pids) > self.memory:
            # Pages that several share are counted once; that costs more to find out.
            return "memory" if _proportional(pids) > self.memory else None
        return None

    def overfull(self, folders: Iterable[Path]) -> bool:
        """Return whether some folders hold more than the disk's limit, or have no space left."""
        if self.disk is None:
            return False
        places = list(folders)
        return short(places) or (held(places, self.disk) or 0) > self.disk


def short(folders: Iterable[Path]) -> bool:
    """Return whether there is no space left where one of some folders lies."""
    return any(_free(folder) < _SPARE for folder in folders)


def _free(folder: Path) -> int:
    try:
        found = os.statvfs(folder)
    except OSError:
        return _SPARE  # it is gone
    return found.f_bavail * found.f_frsize


def machine() -> int:
    """Return the memory of this machine in bytes."""
    return _PAGE * os.sysconf("SC_PHYS_PAGES")


def below(roots: Iterable[int]) -> set[int]:
    """Return some processes and all that descend from them."""
    children = _children if Path("/proc/thread-self/children").exists() else _looked_up()
    found: set[int] = set()
    ahead = list(roots)
    while ahead:
        pid = ahead.pop()
        if pid not in found:
            found.add(pid)
            ahead += children(pid)
    return found


def _children(parent: int) -> list[int]:
    """Return the children of a process, as the kernel lists them."""
    found: list[int] = []
    with suppress(OSError):
        for task in os.scandir(f"/proc/{parent}/task"):
            with suppress(OSError):
                found += map(int, Path(task.path, "children").read_bytes().split())
    return found


def _looked_up() -> Callable[[int], list[int]]:
    """Return the same for a kernel that does not list them: every process of the machine is asked
    for its parent, once."""
    children: dict[int, list[int]] = {}
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with suppress(OSError, IndexError):
            text = Path(f"/proc/{name}/stat").read_bytes()
            parent = int(text.rpartition(b")")[2].split()[1])
            children.setdefault(parent, []).append(int(name))
    return lambda parent: children.get(parent, [])


def _resident(pids: Iterable[int]) -> int:
    total = 0
    for pid in pids:
        with suppress(OSError, IndexError):
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return total * _PAGE


def _proportional(pids: Iterable[int]) -> int:
    total = 0
    for pid in pids:
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total


def held(folders: Iterable[Path], enough: int) -> int | None:
    """Return the bytes below some folders, or some number beyond `enough` where that is known; None
    where there are too many files to tell."""
    total = files = 0
    ahead = list(folders)
    while ahead and total <= enough:
        if files >= _MOST_FILES:
            return None
        with suppress(OSError), os.scandir(ahead.pop()) as entries:
            for entry in entries:
                files += 1
                if entry.is_dir(follow_symlinks=False):
                    ahead.append(Path(entry.path))
                    continue
                with suppress(OSError):
                    total += _taken(entry.stat(follow_symlinks=False))
    return total


def _taken(state: os.stat_result) -> int:
    """Return what a file takes. Holes count for nothing, nor does the rest of a last block or the
    list of its blocks: one file may be as long as the limit. Blocks beyond its end count."""
    blocks = state.st_blocks * 512
    besides = state.st_blksize + state.st_size // 128
    return blocks if blocks > state.st_size + besides else min(blocks, state.st_size)
