"""What a process left in its folders, read without following any link of its making.

A link that it made would be followed on this machine's own paths, out of its walls: to another
account's data, to the secret of the state folder. Every name below the folder is therefore opened
from the folder that holds it, links are skipped, and only regular files are read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# Whoever opens a pipe would wait for its writer.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


@dataclass(frozen=True, slots=True)
class Left:
    """A file: its path below the folder, an open handle that the reader closes, and its state."""

    name: str
    file: BinaryIO
    state: os.stat_result


def read(root: Path, name: str, most: int) -> bytes | None:
    """Return the beginning of a file below `root`, None where there is no regular file."""
    *folders, last = name.split("/")
    with suppress(OSError):
        handle = _enter(os.open(root, _FOLDER), folders)
        try:
            opened = _open(handle, last, name)
        finally:
            os.close(handle)
        if opened is not None:
            with opened.file as file:
                return file.read(most)
    return None


def files(root: Path, below: str = "") -> Iterator[Left]:
    """Yield the regular files below a folder of `root`, in the order of their paths; none where
    that folder is no folder."""
    try:
        handle = _enter(os.open(root, _FOLDER), [part for part in below.split("/") if part])
    except OSError:
        return
    yield from _files(handle, "")


def _files(handle: int, prefix: str) -> Iterator[Left]:
    try:
        for name in sorted(os.listdir(handle)):
            with suppress(OSError):
                if stat.S_ISDIR(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode):
                    yield from _files(os.open(name, _FOLDER, dir_fd=handle), f"{prefix}{name}/")
                    continue
                opened = _open(handle, name, prefix + name)
                if opened is not None:
                    with opened.file:
                        yield opened
    finally:
        os.close(handle)


def _enter(handle: int, folders: list[str]) -> int:
    """Go down from an open folder; return the last one, open, and close those before it."""
    for folder in folders:
        try:
            further = os.open(folder, _FOLDER, dir_fd=handle)
        finally:
            os.close(handle)
        handle = further
    return handle


def _open(handle: int, name: str, path: str) -> Left | None:
    opened = os.open(name, _FILE, dir_fd=handle)
    state = os.fstat(opened)
    if not stat.S_ISREG(state.st_mode):
        os.close(opened)
        return None
    return Left(path, os.fdopen(opened, "rb"), state)
