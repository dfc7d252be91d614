"""The line that every command which reads or changes accounts prints first: where it acts."""

from __future__ import annotations

from landrail.operations.project import STATE, Project
from landrail.operations.server import Server


def target_line(project: Project, server: Server | None = None) -> str:
    """Return `target  local (.landrail, 127.0.0.1:PORT)` or `target  aws o-...`."""
    aws = project.document.target.aws
    if aws is not None:
        return f"target  aws {aws.organization}"
    place = f"{STATE}, {server.address}" if server else f"{STATE}, not running"
    return f"target  local ({place})"
