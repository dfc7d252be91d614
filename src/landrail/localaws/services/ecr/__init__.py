"""ECR: repositories and images by digest, over the API and the OCI distribution API."""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.ecr.service import Ecr
from landrail.localaws.store import Blobs, Tables

__all__ = ["Ecr", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    return Ecr(platform, tables, blobs)
