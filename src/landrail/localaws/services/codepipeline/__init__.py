"""CodePipeline: pipelines that walk their definition under their own roles."""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.codepipeline.service import CodePipeline
from landrail.localaws.store import Blobs, Tables

__all__ = ["CodePipeline", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    del blobs
    return CodePipeline(platform, tables)
