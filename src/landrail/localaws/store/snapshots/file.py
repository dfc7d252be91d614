"""A snapshot on disk: one line that says what it is, then the bytes, whole or not at all.

The line carries the versions that wrote it, the last journal entry it contains with that entry's
digest, and a code over everything that only who has the folder's secret can make. A file that does
not fit in any of these is not read any further: what pickle reads, it may also run.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import platform
import stat
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from landrail.localaws.store.snapshots.pickling import Unfit

FORMAT = 1
"""Grows when what an older landrail wrote can no longer be read."""


@dataclass(frozen=True, slots=True)
class Point:
    """A place in the journal: the number of an entry, and its digest."""

    number: int
    digest: str


def versions() -> dict[str, str | int]:
    """Return all that must be the same for a snapshot to be read."""
    packages = ("moto", "botocore", "landrail", "werkzeug")
    return {
        "format": FORMAT,
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def write(path: Path, point: Point, parts: tuple[bytes, ...], secret: bytes) -> None:
    """Write a snapshot to a file that is not there yet, down to the disk."""
    head = {**asdict(point), "versions": versions(), "sizes": [len(part) for part in parts]}
    said = json.dumps(head, sort_keys=True)
    line = json.dumps({"head": said, "code": _code(secret, said, parts)}).encode() + b"\n"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        for part in (line, *parts):
            _write_all(handle, part)
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(handle: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(handle, left) :]


def read(path: Path, secret: bytes) -> tuple[Point, tuple[bytes, ...]]:
    """Return what a snapshot holds; raises Unfit, OSError."""
    with path.open("rb") as file:
        _must_be_ours(path, os.fstat(file.fileno()))
        line, data = file.readline(1 << 16), file.read()
    try:
        told = json.loads(line)
        said, code = str(told["head"]), str(told["code"])
        head = json.loads(said)
        sizes = [int(size) for size in head["sizes"]]
        point = Point(int(head["number"]), str(head["digest"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Unfit("it is cut short or damaged") from error
    if head.get("versions") != versions():
        raise Unfit(f"it was made by {head.get('versions')}")
    if sum(sizes) != len(data):
        raise Unfit("it is cut short")
    parts = _split(data, sizes)
    if not hmac.compare_digest(code, _code(secret, said, parts)):
        raise Unfit("it is damaged, or not of this folder")
    return point, parts


def _must_be_ours(path: Path, found: os.stat_result) -> None:
    if found.st_uid != os.getuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Unfit(f"others may have written {path.name}")


def _split(data: bytes, sizes: list[int]) -> tuple[bytes, ...]:
    parts, start = [], 0
    for size in sizes:
        parts.append(data[start : start + size])
        start += size
    return tuple(parts)


def _code(secret: bytes, said: str, parts: tuple[bytes, ...]) -> str:
    key = hmac.digest(secret, b"landrail snapshot", "sha256")
    code = hmac.new(key, said.encode() + b"\n", hashlib.sha256)
    for part in parts:
        code.update(part)
    return code.hexdigest()
