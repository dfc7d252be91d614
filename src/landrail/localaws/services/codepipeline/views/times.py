"""Times and members as the API gives them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def when(seconds: float) -> datetime:
    """Return a time as the API gives it."""
    return datetime.fromtimestamp(seconds, UTC)


def full(**values: Any) -> dict[str, Any]:
    """Return the members that have a value."""
    return {name: value for name, value in values.items() if value is not None}
