"""The first line of what reads or changes accounts: where it acts, and from which file."""

from __future__ import annotations

from typing import Any

from landrail.cli import screen
from landrail.cli.typed import from_here
from landrail.operations.project import Project
from landrail.operations.target import Target


def target_line(project: Project, target: Target) -> str:
    """Return the line for people."""
    file = f"file {from_here(project.path)} sha256:{project.digest[:12]}…"
    line = f"target  {target.words}   {file}"
    return line if len(line) <= screen.width() else f"target  {target.words}\n        {file}"


def target_data(project: Project, target: Target) -> dict[str, Any]:
    """Return the same for programs."""
    return {**target.data, "file": str(project.path), "sha256": project.digest}
