"""Application Auto Scaling: scalable targets and policies of SageMaker's variants, as records.

Nothing scales here: the number of a variant's processes is the one that is asked for, within the
target's limits only on AWS.
"""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.autoscaling.service import AutoScaling
from landrail.localaws.store import Blobs, Tables

__all__ = ["AutoScaling", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    del blobs
    return AutoScaling(platform, tables)
