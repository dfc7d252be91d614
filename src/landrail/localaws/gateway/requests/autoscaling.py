"""Application Auto Scaling: targets are asked for by their resource, and granted by their ARN.

Source: the service's page of the Service Authorization Reference. A target's ARN ends with an id
that AWS makes up; calls that name its resource need `scalable-target/*`, narrowed by the keys for
namespace and dimension.
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.localaws.gateway.requests import key_tables
from landrail.localaws.gateway.requests.general import known
from landrail.localaws.gateway.requests.rules import Rules
from landrail.localaws.gateway.requests.values import Authorization, Call, Lookup

_PREFIX = "application-autoscaling"


def _resolve(call: Call, _lookup: Lookup) -> Sequence[Authorization]:
    name, action = known(call, f"{_PREFIX}:{call.operation}")
    resource = "*"
    if action.resources:
        anything = f"arn:aws:{_PREFIX}:{call.region}:{call.account}:scalable-target/*"
        resource = str(call.params.get("ResourceARN") or anything)
    return [Authorization(name, resource, call.account)]


AUTOSCALING = Rules(_PREFIX, every=_resolve, keys=key_tables.autoscaling_keys)
