"""CloudFormation: templates carried out by API calls, each under the stack's role."""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.cloudformation.service import CloudFormation
from landrail.localaws.store import Blobs, Tables

__all__ = ["CloudFormation", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service over its tables."""
    del blobs
    return CloudFormation(platform, tables)
