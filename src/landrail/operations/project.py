"""The file of a platform and the folder around it: what nearly every operation begins with."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from landrail.diagnostics import Diagnostic, Failure, Mistakes
from landrail.guardrails import guardrails
from landrail.spec import Platform
from landrail.spec.landing_zone import landing_zone_of
from landrail.spec.load import Beyond, load

STATE = ".landrail"
NOTE = "landing-zone.json"
"""What the last plan found of AWS Control Tower's landing zone, in the state folder."""
_LARGEST = 16_000_000
"""Bytes that are read of a file: more than any that is accepted."""


@dataclass(frozen=True, slots=True)
class Project:
    """A read file: `digest` is that of its bytes and of the files that it names, `state` the folder
    beside it where the local AWS keeps everything."""

    path: Path
    document: Platform
    digest: str

    @property
    def folder(self) -> Path:
        """The folder of the file."""
        return self.path.resolve().parent

    @property
    def state(self) -> Path:
        """The state folder of the local AWS; it need not exist."""
        return self.folder / STATE


def open_project(path: Path) -> Project:
    """Read a file; raises Mistakes with everything that is wrong with it."""
    seen = sha256()

    def beside(name: str) -> bytes:
        content = _bytes(path.parent / name)
        seen.update(sha256(content).digest())
        return content

    try:
        if path.exists() and not path.is_file():
            raise _unreadable(f"`{path}` is not a file", "-f names the platform's file")
        text = _bytes(path)
    except FileNotFoundError as error:
        raise _unreadable(
            f"there is no file `{path}`",
            "`landrail init` writes one to start from; -f names another",
        ) from error
    except OSError as error:
        raise _unreadable(f"`{path}` cannot be read: {error.strerror}") from error
    seen.update(text)
    beyond = Beyond(beside, guardrails)
    document = load(text, str(path), beyond)
    return _noted(Project(path, document, seen.hexdigest()))


def _noted(project: Project) -> Project:
    """Return the project knowing the landing zone that the last plan found. A note that cannot be
    read is as good as none: every plan looks again."""
    if project.document.landing_zone is None:
        return project
    try:
        found = landing_zone_of(json.loads((project.state / NOTE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return project
    return replace(project, document=project.document.with_landing_zone(found))


def _bytes(path: Path) -> bytes:
    """Read a regular file; raises OSError."""
    with path.open("rb") as file:
        return file.read(_LARGEST)


def not_writable(state: Path, error: OSError) -> Failure:
    """Return the failure for a state folder that cannot be made or written to."""
    return Failure(
        f"`{state}` cannot be written to: {error.strerror}",
        "landrail keeps what it needs beside the file; use a folder that you may write to",
    )


def _unreadable(summary: str, remedy: str | None = None) -> Mistakes:
    return Mistakes([Diagnostic(summary, remedy)])
