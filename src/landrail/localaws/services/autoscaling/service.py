"""The service: its operations put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, Door, Operation, Platform
from landrail.localaws.services.autoscaling.errors import invalid
from landrail.localaws.services.autoscaling.policies import Policies
from landrail.localaws.services.autoscaling.targets import Targets, namespace
from landrail.localaws.store import Tables
from landrail.localaws.store.checking import checked

_TAGS = 50


class AutoScaling(Answering):
    """Scalable targets and their policies."""

    name = "application-autoscaling"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        """Build every part."""
        self._targets = Targets(platform, tables)
        self._policies = Policies(tables, self._targets)
        found: dict[str, Operation] = {
            "RegisterScalableTarget": self._targets.register,
            "DescribeScalableTargets": self._targets.describe,
            "DeregisterScalableTarget": self._deregister,
            "PutScalingPolicy": self._policies.put,
            "DescribeScalingPolicies": self._policies.describe,
            "DeleteScalingPolicy": self._policies.delete,
            "DescribeScalingActivities": lambda call: _none(call, "ScalingActivities"),
            "DescribeScheduledActions": lambda call: _none(call, "ScheduledActions"),
            "TagResource": self._tag,
            "UntagResource": self._untag,
            "ListTagsForResource": self._tags,
        }
        self.operations: Mapping[str, Operation] = {
            name: checked(operation) for name, operation in found.items()
        }

    def _deregister(self, call: ApiCall) -> Mapping[str, Any]:
        self._policies.forget(self._targets.deregister(call))
        return {}

    def _tag(self, call: ApiCall) -> Mapping[str, Any]:
        at, found = self._targets.by_arn(str(call.params["ResourceARN"]), call)
        tags = {**found["tags"], **call.params["Tags"]}
        if len(tags) > _TAGS:
            raise invalid(f"A resource has at most {_TAGS} tags.")
        self._targets.tag(at, tags)
        return {}

    def _untag(self, call: ApiCall) -> Mapping[str, Any]:
        at, found = self._targets.by_arn(str(call.params["ResourceARN"]), call)
        gone = set(call.params["TagKeys"])
        self._targets.tag(at, {k: v for k, v in found["tags"].items() if k not in gone})
        return {}

    def _tags(self, call: ApiCall) -> Mapping[str, Any]:
        _, found = self._targets.by_arn(str(call.params["ResourceARN"]), call)
        return {"Tags": dict(found["tags"])}


def _none(call: ApiCall, answer: str) -> Mapping[str, Any]:
    """Nothing scales and nothing is scheduled: the list is empty, and that is the truth."""
    namespace(call)
    return {answer: []}
