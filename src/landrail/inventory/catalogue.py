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
    """Return the table of a resource type, or None where there is none; the first by name of
    several, as an account has."""
    every = tables().values()
    return next((t for t in every if resource_type in (t.resource_type, *t.also)), None)
