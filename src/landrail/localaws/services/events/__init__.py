"""EventBridge delivery: events matched against rules and handed to their targets.

Rules and targets are records of the store; what happens because of them happens here.
"""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.events.service import Events
from landrail.localaws.store import Blobs, Tables

__all__ = ["Events", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    del blobs
    return Events(platform, tables)
