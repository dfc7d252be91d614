"""A start from a snapshot brings back what replaying the whole journal brings back, to the last
object; and a snapshot that cannot be believed is left aside.

Each life is a process of its own: moto's state belongs to the process.
"""

from __future__ import annotations

import logging
import multiprocessing
import shutil
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from landrail.localaws.store import Blobs, Store
from landrail.localaws.store.journal import Journal
from landrail.localaws.store.snapshots import file, pickling, sameness, world

from . import broad

pytestmark = pytest.mark.xdist_group("snapshots")
SECRET = b"a secret of at least 32 characters"
SNAPSHOT = "journal.snapshot"


def live(life: Callable[..., Any], *given: Any) -> Any:
    """Run in a new process and return what comes out."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(life, *given).result()


def first(state: Path) -> None:
    """A life with a bit of everything in two accounts, then a stop, which makes a snapshot."""
    store = Store(state, SECRET)
    management = broad.Life(store.execute, broad.MANAGEMENT)
    broad.organization(management)
    for account in (broad.MANAGEMENT, management.known["member"]):
        call = broad.Life(store.execute, account)
        for part in broad.LIFE:
            part(call)
        (state / account).write_text(call.known["subnet"] + " " + call.known["key"])
    assert not world.unknown()
    store.close()


def second(state: Path) -> None:
    """Starts from the snapshot, goes on with what stands on it, and is killed."""
    store = Store(state, SECRET)
    assert store.version("iam") == 0, "the journal was replayed"
    for path in state.glob("[0-9]*"):
        call = broad.Life(store.execute, path.name)
        call.known["subnet"], call.known["key"] = path.read_text().split()
        broad.later(call)


def third(state: Path) -> None:
    """Starts from the snapshot and what came after it, and stops."""
    store = Store(state, SECRET)
    store.execute(broad.MANAGEMENT, "eu-west-1", "iam", "CreateUser", {"UserName": "last"})
    store._snapshots._tail = 1.0  # type: ignore[union-attr]  # however quick this machine is
    store.close()


def compared(state: Path) -> str | None:
    """Replays the whole journal, and holds it against what the last snapshot has."""
    _, parts = file.read(state / SNAPSHOT, SECRET)
    store = Store(state)
    frame, rest = world.collect()
    for (module, name), accounts in pickling.load(parts[0]):
        assert set(accounts) == set(pickling.backends(module, name)), name
    kept = pickling.load(parts[1])
    found = sameness.difference(_named(frame, rest), _named(pickling.load(parts[0]), kept))
    lengths = broad.bodies(broad.Life(store.execute, broad.MANAGEMENT))
    assert lengths == {"k": 5, "c": 20_000, "whole": (5 << 20) + 1}
    return found


def _named(frame: Any, rest: Any) -> Any:
    """By service, account and region, in whatever order they were first looked at."""
    contents, beside, places, founded = rest
    services = {
        name: ({account: dict(regions) for account, regions in sorted(there)}, extra)
        for (name, _), there, extra in zip(frame, contents, beside, strict=True)
    }
    return dict(sorted(services.items())), places, founded


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder after three lives."""
    state = tmp_path_factory.mktemp("lived")
    for life in (first, second, third):
        live(life, state)
    return state


def test_a_snapshot_and_what_came_after_it_are_the_whole_journal(lived: Path) -> None:
    assert live(compared, lived) is None


def opened(state: Path, secret: bytes) -> tuple[list[str], int, str]:
    """Starts; returns warnings, how many requests were replayed, and what the last one made."""
    said: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = said.append  # type: ignore[method-assign]  # a handler that only listens
    logging.getLogger("landrail").addHandler(handler)
    logging.getLogger("landrail").setLevel(logging.INFO)
    store = Store(state, secret)
    replayed = [r.args[0] for r in said if r.msg.startswith("replayed") and r.args]  # type: ignore[index]  # a tuple here
    listed = store.execute(broad.MANAGEMENT, "eu-west-1", "iam", "ListUsers", {})["Users"]
    warned = [r.getMessage() for r in said if r.levelno >= logging.WARNING]
    return warned, int(str(replayed[0])), sorted(user["UserName"] for user in listed)[0]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def changed(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(data)


def others_may_write(path: Path) -> None:
    path.chmod(0o666)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def of_another_version(path: Path) -> None:
    line, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(line.replace(b'\\"moto\\": \\"', b'\\"moto\\": \\"9') + b"\n" + rest)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (cut, "cut short"),
        (changed, "damaged, or not of this folder"),
        (others_may_write, "others may have written"),
        (empty, "cut short or damaged"),
        (of_another_version, "made by"),
    ],
)
def test_a_snapshot_that_cannot_be_believed_is_not_read(
    lived: Path, tmp_path: Path, change: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / SNAPSHOT
    shutil.copyfile(lived / SNAPSHOT, path)
    path.chmod(0o600)
    point, parts = file.read(path, SECRET)
    assert point.number > 200
    assert len(parts) == 3
    change(path)
    with pytest.raises(pickling.Unfit, match=words):
        file.read(path, SECRET)


def test_a_snapshot_of_another_folder_or_journal_is_left_aside(lived: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    shutil.copytree(lived, state)
    warned, replayed, last = live(opened, state, SECRET[::-1])
    assert ["not of this folder" in line for line in warned] == [True]
    assert replayed > 200
    assert last == "last"
    shortened(state)
    warned, replayed, last = live(opened, state, SECRET)
    assert ["does not have what it ends with" in line for line in warned] == [True]
    assert replayed > 200
    assert last == "u"


def shortened(state: Path) -> None:
    """Takes the last entry out of the journal, as if it had never been written."""
    journal = Journal(state / "journal.sqlite", Blobs(state / "bodies"))
    last = journal.last()
    assert last is not None
    journal.take_out(last.number)
    journal.close()


def test_one_that_can_be_believed_is_all_that_is_read(lived: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    shutil.copytree(lived, state)
    assert live(opened, state, SECRET) == ([], 0, "last")
