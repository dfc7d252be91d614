"""The first line of what reads or changes accounts: where it acts, and from which file."""

from __future__ import annotations

from typing import Any

from landrail.operations.project import Project
from landrail.operations.target import Target


def target_line(project: Project, target: Target) -> str:
    """Return the line for people."""
    return f"target  {target.words}   file {project.path} sha256:{project.digest[:12]}…"


def target_data(project: Project, target: Target) -> dict[str, Any]:
    """Return the same for programs."""
    return {**target.data, "file": str(project.path), "sha256": project.digest}
