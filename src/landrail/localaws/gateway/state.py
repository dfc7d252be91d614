"""The state folder: who may use it, its secret, its port, and the file that clients read."""

from __future__ import annotations

import fcntl
import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

from landrail.localaws.private import write_private

_SHORTEST = 32


class Occupied(Exception):
    """Another server uses the state folder."""


def lock(state: Path) -> TextIO:
    """Take the folder for this process, until the returned file is closed; raises Occupied."""
    file = (state / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        file.close()
        raise Occupied(f"another local AWS is running in {state}") from error
    return file


def secret(state: Path) -> str:
    """Return the folder's secret, made at first use and where it was lost."""
    path = state / "secret"
    if not path.exists() or len(path.read_text().strip()) < _SHORTEST:
        write_private(path, f"{secrets.token_urlsafe(32)}\n".encode())
    return path.read_text().strip()


def read(state: Path) -> dict[str, Any]:
    """Return what the last server wrote about itself, as far as it can be read."""
    try:
        found = json.loads((state / "server.json").read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(state: Path, document: Mapping[str, Any]) -> None:
    """Write the file that clients read, whole or not at all."""
    write_private(state / "server.json", f"{json.dumps(document, indent=2)}\n".encode())
