"""All tables of the inventory, by name and by resource type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from landrail.discovery import defined
from landrail.inventory import tables as package
from landrail.inventory.table import Table


@cache
def tables() -> Mapping[str, Table]:
    """Return every table by its name."""
    return {table.name: table for table in defined(package, "TABLE", Table)}


@cache
def of_type(resource_type: str) -> Table | None:
    """Return the table of a resource type, or None where there is none."""
    return next((t for t in tables().values() if t.resource_type == resource_type), None)
