"""From a call to what must be allowed for it: actions, resources, owners, condition keys."""

from landrail.localaws.gateway.requests.resolve import resolve
from landrail.localaws.gateway.requests.s3_points import behind_points
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup, Unresolved

__all__ = ["Authorization", "Call", "Lookup", "Unresolved", "behind_points", "resolve"]
