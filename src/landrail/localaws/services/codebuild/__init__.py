"""CodeBuild: projects whose builds really run a buildspec, under the project's role."""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.codebuild.service import CodeBuild
from landrail.localaws.store import Blobs, Tables

__all__ = ["CodeBuild", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    del blobs
    return CodeBuild(platform, tables)
