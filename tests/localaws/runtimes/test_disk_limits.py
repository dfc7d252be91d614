"""What counts against a limit of the disk, and who is stopped when the machine's is full."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from landrail.localaws.runtimes.limits import Limits
from landrail.localaws.runtimes.warden import Ward

MEGABYTE = 1024 * 1024
LIMIT = 4 * MEGABYTE
FULL = Path("/proc/self/ns")
"""A folder of a file system that never has space left."""


def written(path: Path, size: int) -> None:
    path.write_bytes(os.urandom(size))


def hole(path: Path, size: int) -> None:
    path.touch()
    os.truncate(path, size)


def set_aside(path: Path, size: int) -> None:
    """Take blocks for a file that stays as short as it is."""
    with path.open("wb") as file:
        kept = ctypes.CDLL(None).fallocate(file.fileno(), 1, ctypes.c_long(0), ctypes.c_long(size))
        if kept or not os.fstat(file.fileno()).st_blocks:
            pytest.skip("the file system sets no blocks aside")


@pytest.mark.parametrize(
    ("make", "size", "overfull"),
    [
        (written, LIMIT, False),
        (written, LIMIT - 1, False),
        (written, LIMIT + 1, True),
        (hole, 2 * LIMIT, False),
        (set_aside, LIMIT // 2, False),
        (set_aside, 2 * LIMIT, True),
    ],
)
def test_what_a_file_takes_is_counted(
    tmp_path: Path, make: Callable[[Path, int], None], size: int, overfull: bool
) -> None:
    make(tmp_path / "file", size)
    assert Limits(disk=LIMIT).overfull([tmp_path]) is overfull


def test_only_those_that_grow_are_stopped_for_a_full_disk(tmp_path: Path) -> None:
    killed: list[str] = []

    def ward(name: str) -> Ward:
        folder = tmp_path / name
        folder.mkdir()
        written(folder / "model", 2 * MEGABYTE)
        limits = Limits(disk=100 * MEGABYTE)
        return Ward(limits, [], [folder, FULL], lambda: killed.append(name))

    wards = [ward("rests"), ward("writes"), ward("logs")]
    for size in (10_000, 20_000, 5 * MEGABYTE):
        for one in wards:
            one.look()
        written(tmp_path / "logs" / "log", min(size, 30_000))
        written(tmp_path / "writes" / "data", size)
    for one in wards:
        one.look()
    assert killed == ["writes"]
    assert [one.exceeded for one in wards] == [None, "disk", None]


def test_a_folder_that_is_gone_or_no_folder_ends_no_look(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "below", tmp_path / "nothing"):
        ward = Ward(Limits(disk=LIMIT), [], [path], pytest.fail)
        ward.look()
        assert ward.exceeded is None
