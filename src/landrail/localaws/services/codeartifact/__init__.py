"""CodeArtifact: domains and package repositories that pip and twine speak to."""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.codeartifact.service import CodeArtifact
from landrail.localaws.store import Blobs, Tables

__all__ = ["CodeArtifact", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    return CodeArtifact(platform, tables, blobs)
