"""Git remotes that stand for the hosts of connections: where they are, what they hold.

`connections.json` in the state folder says it, as the user of the machine wrote it: an object from
a connection's ARN or name (or `*` for all others) to a folder or URL. `{repository}` in it is the
repository's id; else the id is below it, and a folder may be the repository itself. It is read each
time. Knows git and nothing of AWS.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FILE = "connections.json"
EVERYTHING = "*"
_PLACE = "{repository}"
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*(/[A-Za-z0-9_][A-Za-z0-9_.\-]*)+\Z")
_URL = re.compile(r"[a-z][a-z0-9+]*://|[A-Za-z0-9_.\-]+@[A-Za-z0-9_.\-]+:")
_FORM = "%H%x00%an%x00%ae%x00%aI%x00%B"
_SECONDS = 120


class RemoteError(Exception):
    """What is wrong with a remote; the text is what its user reads."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as a source action tells it."""

    id: str
    author: str
    email: str
    date: str
    message: str


def changed_at(state: Path) -> int:
    """Return a number that changes when the user's settings do."""
    try:
        return (state / FILE).stat().st_mtime_ns
    except OSError:
        return 0


class Remotes:
    """The remotes of one state folder."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._lock = threading.Lock()

    def settings(self) -> dict[str, str]:
        """Return what the user wrote; raises RemoteError for a file that cannot be read."""
        path = self._state / FILE
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise RemoteError(f"{FILE} of the state folder cannot be read: {error}") from error
        if not isinstance(found, dict) or not all(isinstance(one, str) for one in found.values()):
            raise RemoteError(f"{FILE} of the state folder is no object of texts")
        return found

    def base(self, *names: str) -> str | None:
        """Return where a connection leads, by its ARN or name, or None."""
        settings = self.settings()
        return next((settings[one] for one in (*names, EVERYTHING) if one in settings), None)

    def repository(self, base: str, identity: str) -> Repository:
        """Return a repository of a host; raises RemoteError."""
        if not _ID.match(identity) or ".." in identity:
            raise RemoteError(f"{identity} is not a repository's id (OWNER/NAME)")
        if not _URL.match(base):
            return Repository(_folder(base, identity), None)
        url = base.replace(_PLACE, identity)
        if _PLACE not in base:
            url = f"{base.rstrip('/')}/{identity}.git"
        name = hashlib.sha256(url.encode()).hexdigest()[:24]
        mirror = self._state / "codeconnections" / f"{name}.git"
        return Repository(mirror, url, self._lock)


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository: a folder of this machine, or the mirror of a URL, brought up to date by
    `refs`."""

    folder: Path
    url: str | None
    lock: threading.Lock | None = None

    @property
    def local(self) -> bool:
        """Whether looking at it costs next to nothing."""
        return self.url is None

    def fingerprint(self) -> object:
        """Return what changes whenever a ref of a folder does."""
        found = []
        for name in ("packed-refs", "refs"):
            for place, folders, files in os.walk(self.folder / name):
                entries = [Path(place), *(Path(place) / one for one in (*folders, *files))]
                found += [(str(one), one.stat().st_mtime_ns) for one in entries if one.exists()]
        packed = self.folder / "packed-refs"
        return (*found, packed.stat().st_mtime_ns if packed.exists() else 0)

    def refs(self) -> dict[str, str]:
        """Return branches and tags by their full names, with their commits; raises RemoteError."""
        if self.url is not None and self.lock is not None:
            with self.lock:
                self._fetch(self.url)
        form = "--format=%(refname) %(objectname) %(*objectname)"
        lines = self._git("for-each-ref", form, "refs/heads", "refs/tags").splitlines()
        # An annotated tag has two ids; the last is the commit's.
        return {line.split()[0]: line.split()[-1] for line in lines}

    def commit(self, identity: str) -> Commit:
        """Return a commit; raises RemoteError."""
        if identity.startswith("-"):
            # An option of git's, which may read and write what the server may.
            raise RemoteError(f"there is no commit {identity}")
        told = self._git("show", "-s", f"--format={_FORM}", f"{identity}^{{commit}}")
        parts = told.rstrip("\n").split("\0")
        return Commit(parts[0], parts[1], parts[2], parts[3], parts[4].rstrip("\n"))

    def archive(self, identity: str) -> bytes:
        """Return a commit's files as a zip; raises RemoteError."""
        return self._run("archive", "--format=zip", f"{identity}^{{commit}}")

    def changed(self, before: str | None, after: str) -> list[str]:
        """Return the paths that differ between two commits; without the first, those that the
        second changed."""
        if before is None:
            out = self._git("show", "--format=", "--name-only", "-m", "--first-parent", after)
        else:
            out = self._git("diff", "--name-only", "--no-renames", before, after)
        return [line for line in out.splitlines() if line]

    def _fetch(self, url: str) -> None:
        if not (self.folder / "HEAD").exists():
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            unfinished = self.folder.with_suffix(".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            _git(["clone", "--quiet", "--mirror", url, str(unfinished)], _with_users_own())
            unfinished.rename(self.folder)
            return
        fetch = ["--git-dir", str(self.folder), "fetch", "--quiet", "--prune", "origin"]
        _git(fetch, _with_users_own())

    def _git(self, *arguments: str) -> str:
        return self._run("-c", "core.quotepath=off", *arguments).decode("utf-8", "replace")

    def _run(self, *arguments: str) -> bytes:
        return _git(["--git-dir", str(self.folder), *arguments], _alone())


def _folder(base: str, identity: str) -> Path:
    place = Path(base.replace(_PLACE, identity)).expanduser()
    if not place.is_absolute():
        raise RemoteError(f"{base} is neither a URL nor an absolute path")
    below = () if _PLACE in base else (place / f"{identity}.git", place / identity)
    for one in (*below, place):
        for folder in (one / ".git", one):
            if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
                return Path(folder)
    raise RemoteError(f"there is no git repository {identity} below {place}")


def _alone() -> dict[str, str]:
    """Nothing of the user's own configuration, so that no hook or alias of theirs runs."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
    }


def _with_users_own() -> dict[str, str]:
    """A host asks for the user's own credentials, by whatever git has for that."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def _git(arguments: list[str], environment: Mapping[str, str]) -> bytes:
    program = shutil.which("git")
    if program is None:
        raise RemoteError("git is not installed; connections need it")
    try:
        done = subprocess.run(
            [program, *arguments],
            capture_output=True,
            env=dict(environment),
            check=False,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise RemoteError(f"git did not answer within {_SECONDS} seconds") from error
    if done.returncode != 0:
        raise RemoteError(done.stderr.decode("utf-8", "replace").strip() or "git failed")
    return done.stdout
