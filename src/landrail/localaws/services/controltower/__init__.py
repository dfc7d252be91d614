"""Control Tower, and the catalogue of its controls.

Its operations take place: an OU that is registered has recorders, policies and rules afterwards,
made by calls through the gate under Control Tower's own roles.
"""

from __future__ import annotations

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.controltower.controlcatalog import ControlCatalog
from landrail.localaws.services.controltower.service import ControlTower
from landrail.localaws.store import Blobs, Tables

__all__ = ["build", "build_catalog"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return Control Tower."""
    del blobs
    return ControlTower(platform, tables)


def build_catalog(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the Control Catalog."""
    del platform, tables, blobs
    return ControlCatalog()
