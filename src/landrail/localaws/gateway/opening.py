"""Opening a state folder: one that cannot be read back as it was is told, never half used.

Nothing here mends or deletes anything; what to do with such a folder is the user's decision.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version as installed
from pathlib import Path

from landrail.localaws.api import ApiError

FORMAT = 1
"""Grows when what an older landrail wrote can no longer be read."""
_KEPT = ("journal.sqlite", "tables.sqlite")


class Unusable(Exception):
    """The state folder cannot be used; its text says why."""


def check(state: Path, version: str) -> None:
    """Refuse a folder that is incomplete or of another version; raises Unusable. A new one is
    marked with this version."""
    there = [name for name in _KEPT if (state / name).exists()]
    begun = (state / "server.json").exists()  # else a first start may have ended half-way
    if len(there) == 1 and begun:
        (missing,) = set(_KEPT) - set(there)
        raise Unusable(f"{state} is incomplete: {missing} is missing")
    mark = {"format": FORMAT, "moto": installed("moto"), "landrail": version}
    path = state / "format.json"
    if not there or not path.exists():
        path.write_text(json.dumps(mark) + "\n", encoding="utf-8")
        return
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        by = f"landrail {found['landrail']} (moto {found['moto']})"
        same = (found["format"], found["moto"]) == (mark["format"], mark["moto"])
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(f"{path} is damaged") from error
    if not same:
        mine = f"landrail {version} (moto {mark['moto']})"
        raise Unusable(f"{state} was made by {by}, and this is {mine}")


@contextmanager
def reading(state: Path) -> Iterator[None]:
    """Turn what is damaged in a state folder into Unusable."""
    try:
        yield
    except sqlite3.Error as error:
        raise Unusable(f"{state} is damaged, or may not be written to: {error}") from error
    except FileNotFoundError as error:
        raise Unusable(f"{state} is incomplete: {error.filename} is missing") from error
    except PermissionError as error:
        raise Unusable(f"{error.filename} may not be read or written") from error
    except (ValueError, KeyError, ApiError) as error:
        raise Unusable(f"{state} is damaged: {error}") from error
