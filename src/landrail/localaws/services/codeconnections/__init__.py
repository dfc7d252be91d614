"""CodeConnections: connections to hosts of git repositories, under its new name and its old."""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.codeconnections.service import CodeConnections
from landrail.localaws.store import Blobs, Tables

__all__ = ["CodeConnections", "build", "build_star"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    del blobs
    return CodeConnections(platform, tables, "codeconnections")


def build_star(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the same under the name it had as part of CodeStar."""
    del blobs
    return CodeConnections(platform, tables, "codestar-connections")
