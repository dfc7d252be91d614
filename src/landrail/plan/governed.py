"""Which OUs Control Tower governs: they are never deleted here."""

from __future__ import annotations

from landrail.plan.observed import Observed

GOVERNED = "Control Tower governs it"
"""Why an OU stays."""


def is_governed(path: str, observed: Observed) -> bool:
    """Say whether Control Tower governs an OU or one below it."""
    enabled = (key.rpartition(" -> ")[2] for key in observed.controls)
    governed = (*observed.registrations, *enabled)
    return any(unit == path or unit.startswith(f"{path}/") for unit in governed)
