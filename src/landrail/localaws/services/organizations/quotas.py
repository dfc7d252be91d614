"""How many policies of a type fit a target: AWS's default, or what `quotas.json` in the state
folder says in its place, as for an organization whose quota AWS has raised.

The file is an object of types and numbers, `{"SERVICE_CONTROL_POLICY": 20}`; it is read each time.
"""

from __future__ import annotations

import json
from pathlib import Path

from landrail.localaws.api import ApiError
from landrail.localaws.services.organizations.kinds import KINDS

_FILE = "quotas.json"


def most(state: Path, kind: str) -> int:
    """Return how many policies of a type may be attached to one target; raises ApiError for a file
    that cannot be read."""
    try:
        text = (state / _FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return KINDS[kind].most
    try:
        said = json.loads(text)
        found = said.get(kind, KINDS[kind].most)
    except (ValueError, AttributeError) as error:
        raise _unreadable(str(error)) from error
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise _unreadable(f"{kind} is {found!r}, and no number")
    return found


def _unreadable(what: str) -> ApiError:
    message = f"{_FILE} of the local AWS's state folder cannot be read: {what}."
    return ApiError("ServiceException", message, 500)
