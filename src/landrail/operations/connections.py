"""Which git remote stands for the host of a connection on the local AWS: a file of its state
folder, which the local AWS reads each time it wants to know."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from landrail.diagnostics import Failure

FILE = "connections.json"
_URL = re.compile(r"[a-z][a-z0-9+]*://|[A-Za-z0-9_.\-]+@[A-Za-z0-9_.\-]+:")


def known(state: Path) -> dict[str, str]:
    """Return the remotes by the connections' ARNs and names; raises Failure for a file that cannot
    be read."""
    path = state / FILE
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise Failure(f"{path} cannot be read: {error}", "mend it, or delete it") from error
    if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
        raise Failure(f"{path} is no object of texts", "mend it, or delete it")
    return found


def choose(state: Path, connection: str, remote: str) -> str:
    """Let a connection lead to a remote and return it as it is kept; raises Failure."""
    place = remote
    if not _URL.match(remote):
        folder = Path(remote).expanduser().absolute()
        begin = Path(str(folder).partition("{repository}")[0])
        if not begin.is_dir():
            raise Failure(f"there is no folder {begin}", "name a folder of repositories, or a URL")
        place = str(folder)
    _write(state, {**known(state), connection: place})
    return place


def forget(state: Path, connection: str) -> bool:
    """Let a connection lead nowhere; False where it did already."""
    settings = known(state)
    if connection not in settings:
        return False
    _write(state, {name: one for name, one in settings.items() if name != connection})
    return True


def _write(state: Path, settings: Mapping[str, str]) -> None:
    if not state.is_dir():
        raise Failure(f"there is no local AWS in {state}", "run `landrail local start` first")
    unfinished = state / f"{FILE}.new"
    unfinished.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    os.replace(unfinished, state / FILE)
