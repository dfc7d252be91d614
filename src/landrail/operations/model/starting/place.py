"""Where the code of a model goes by the platform's file: its repository and its branch."""

from __future__ import annotations

from dataclasses import dataclass

from landrail.compiler import site
from landrail.spec import Platform


@dataclass(frozen=True, slots=True)
class Place:
    """A branch, and the URL that it is pushed to; None where the file does not tell one."""

    branch: str = "main"
    remote: str | None = None


def place_of(platform: Platform, model: str) -> Place:
    """Return where the file has a model's code; the repository of its name for one that the file
    does not have yet. Where a connection leads, its host alone knows."""
    entry = platform.models.get(model)
    if entry is not None and entry.connection is not None:
        return Place(entry.branch)
    repository = model if entry is None else site.repository(platform, model)
    host = f"git-codecommit.{platform.region}.amazonaws.com"
    return Place(entry.branch if entry else "main", f"https://{host}/v1/repos/{repository}")
