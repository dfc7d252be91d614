"""A state folder that cannot be used is told in a line, and left as it is."""

from __future__ import annotations

import hashlib
import json
import os
import select
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .conftest import SMALL, Folder

pytestmark = pytest.mark.xdist_group("state folder")


@pytest.fixture(scope="module")
def good(make_folder: Callable[[str], Folder]) -> Folder:
    """A folder whose local AWS has run and is stopped."""
    made = make_folder(SMALL)
    made.done("local", "start")
    made.done("local", "stop")
    return made


@pytest.fixture
def copied(good: Folder, tmp_path: Path) -> Iterator[Folder]:
    """A copy of it."""
    shutil.copytree(good.path, tmp_path / "copy")
    made = Folder(tmp_path / "copy")
    yield made
    made.run("local", "stop")


def without(name: str) -> Callable[[Path], None]:
    def change(state: Path) -> None:
        for path in state.glob(f"{name}*"):
            path.unlink()

    return change


def written(name: str, data: bytes) -> Callable[[Path], None]:
    def change(state: Path) -> None:
        without(name)(state)
        (state / name).write_bytes(data)

    return change


NEWER = json.dumps({"format": 99, "moto": "9.9", "landrail": "7.0"}).encode()


def contents(state: Path) -> dict[str, str]:
    """What the folder keeps, by digest."""
    left = ("log", "lock", "-wal", "-shm")
    return {
        str(path.relative_to(state)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in state.rglob("*")
        if path.is_file() and not path.name.endswith(left)
    }


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (written("journal.sqlite", b"no database" * 400), "is damaged"),
        (written("tables.sqlite", b"no database" * 400), "is damaged"),
        (written("format.json", b"{"), "is damaged"),
        (without("journal.sqlite"), "journal.sqlite is missing"),
        (without("tables.sqlite"), "tables.sqlite is missing"),
        (written("format.json", NEWER), "was made by landrail 7.0"),
    ],
    ids=["journal", "tables", "mark", "no journal", "no tables", "newer"],
)
def test_a_folder_that_cannot_be_read_back_is_refused_and_left_alone(
    copied: Folder, change: Callable[[Path], None], words: str
) -> None:
    change(copied.state)
    before = contents(copied.state)
    code, said = copied.run("local", "start")
    assert code == 1
    assert words in " ".join(said.split())
    assert "landrail local reset" in " ".join(said.split())
    assert contents(copied.state) == before


def test_what_a_server_says_of_itself_may_be_lost(copied: Folder) -> None:
    written("server.json", b"{")(copied.state)
    written("secret", b"")(copied.state)
    told = json.loads(copied.done("local", "start", "--json"))
    assert told["healthy"] is True
    assert len((copied.state / "secret").read_text().strip()) >= 32


def test_a_port_in_use_is_no_matter(copied: Folder) -> None:
    facts = copied.state / "server.json"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        facts.write_text(json.dumps({**json.loads(facts.read_text()), "port": port}))
        told = json.loads(copied.done("local", "start", "--json"))
    assert told["healthy"] is True
    assert not told["endpoint"].endswith(f":{port}")


def gone(process: int) -> bool:
    """Wait until a process that is not ours has ended."""
    watched = os.pidfd_open(process)
    try:
        return bool(select.select([watched], [], [], 30)[0])
    finally:
        os.close(watched)


def test_no_process_is_left_where_the_folder_is_deleted(copied: Folder) -> None:
    process = json.loads(copied.done("local", "start", "--json"))["pid"]
    shutil.rmtree(copied.state)
    assert gone(process)
    assert "not running" in copied.done("local", "status")


def test_a_folder_that_is_moved_has_everything_and_one_process(
    copied: Folder, tmp_path: Path
) -> None:
    first = json.loads(copied.done("local", "start", "--json"))
    copied.path.rename(tmp_path / "moved")
    assert gone(first["pid"])
    (tmp_path / "moved").rename(copied.path)
    again = json.loads(copied.done("local", "start", "--json"))
    assert again["healthy"] is True
    assert again["management_account"] == first["management_account"]


def test_a_file_in_the_place_of_the_folder_is_told(folder: Folder) -> None:
    folder.state.write_text("mine")
    for words in (("local", "start"), ("apply", "--auto-approve"), ("local", "reset", "--yes")):
        code, said = folder.run(*words)
        assert code == 1
        assert ".landrail` " in said
    assert folder.state.read_text() == "mine"


def test_a_first_start_that_was_killed_begins_again(folder: Folder) -> None:
    folder.state.mkdir()
    (folder.state / "tables.sqlite").touch()
    assert json.loads(folder.done("local", "start", "--json"))["healthy"] is True
