"""CloudTrail: the event history, and trails that deliver log files to buckets.

Trails' settings are the store's; here they take effect. What is delivered is the trail that the
gate writes of every call.
"""

from landrail.localaws.services.cloudtrail.service import build

__all__ = ["build"]
