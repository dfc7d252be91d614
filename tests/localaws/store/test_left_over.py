"""A request that was written down, and refused before it could be taken out again."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from landrail.localaws.store import Blobs, Store
from landrail.localaws.store.journal import Entry, Journal

ACCOUNT = "610987654321"
REFUSED = ("iam", "DeleteRole", {"RoleName": "none"})
FAILS = ("iam", "CreateRole", {"RoleName": 7, "AssumeRolePolicyDocument": ["none"]})
UNKNOWN = ("iam", "NoSuchOperation", {})


def made(state: Path) -> None:
    store = Store(state)
    store.execute(ACCOUNT, "eu-west-1", "iam", "CreateUser", {"UserName": "before"})
    store.close()


def users(state: Path) -> list[str]:
    store = Store(state)
    store.execute(ACCOUNT, "eu-west-1", "iam", "CreateUser", {"UserName": "after"})
    listed = store.execute(ACCOUNT, "eu-west-1", "iam", "ListUsers", {})["Users"]
    store.close()
    return sorted(user["UserName"] for user in listed)


def live(life: Any, state: Path) -> Any:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(life, state).result()


@pytest.mark.parametrize("left", [REFUSED, FAILS, UNKNOWN], ids=["refused", "fails", "unknown"])
def test_a_request_that_came_to_nothing_does_not_shut_the_folder(
    tmp_path: Path, left: tuple[str, str, dict[str, Any]]
) -> None:
    live(made, tmp_path)
    journal = Journal(tmp_path / "journal.sqlite", Blobs(tmp_path / "bodies"))
    journal.append(Entry(ACCOUNT, "eu-west-1", *left, "AKIAIOSFODNN7EXAMPLE", 1_800_000_000.0, 1))
    journal.close()
    assert live(users, tmp_path) == ["after", "before"]
