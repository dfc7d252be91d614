"""CloudWatch: metrics that are kept as they are put, and alarms that are evaluated.

Dashboards are records of the store. Anomaly detectors, metric streams, insight rules and mute
rules are not there.
"""

from landrail.localaws.api import Platform, Service
from landrail.localaws.services.cloudwatch.service import CloudWatch
from landrail.localaws.store import Blobs, Tables

__all__ = ["CloudWatch", "build"]


def build(platform: Platform, tables: Tables, blobs: Blobs) -> Service:
    """Return the service for the gateway."""
    del blobs
    return CloudWatch(platform, tables)
