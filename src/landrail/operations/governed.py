"""The landing zone that a file stands on: looked up before the file is compiled, and kept beside
the file so that commands which only read can tell what a plan would."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.errors import CallError, failure, is_denied, message
from landrail.aws.landing_zone import find_landing_zone
from landrail.diagnostics import Failure
from landrail.operations.project import NOTE, Project, not_writable
from landrail.operations.target import Target


def governed(project: Project, target: Target) -> Project:
    """Return the project knowing its landing zone, where it wants one; raises Failure."""
    if project.document.landing_zone is None:
        return project
    try:
        found = find_landing_zone(target.entrances)
    except CallError as error:
        if isinstance(error, ClientError) and is_denied(error):
            raise Failure(
                f"the landing zone of AWS Control Tower cannot be looked for: {message(error)}",
                "a platform that was applied with `control_tower: none` may not: write `expected`, "
                "apply, then write `existing`",
            ) from error
        raise failure(error, "looking for the landing zone of AWS Control Tower") from error
    _note(project.state / NOTE, dataclasses.asdict(found), project.state)
    return dataclasses.replace(project, document=project.document.with_landing_zone(found))


def _note(path: Path, document: dict[str, Any], state: Path) -> None:
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        state.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise not_writable(state, error) from error
