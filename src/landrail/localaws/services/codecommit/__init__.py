"""CodeCommit: repositories with real git behind them, over the API and over HTTP."""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.codecommit.service import CodeCommit
from landrail.localaws.store import Blobs, Tables

__all__ = ["CodeCommit", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    del blobs
    return CodeCommit(platform, tables)
