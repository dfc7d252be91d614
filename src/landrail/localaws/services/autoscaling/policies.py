"""How a target follows its metric: policies of target tracking.

Source: API reference of PutScalingPolicy. Step and predictive scaling are not there.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall
from landrail.localaws.services.autoscaling.errors import invalid, missing, not_here
from landrail.localaws.services.autoscaling.pages import page
from landrail.localaws.services.autoscaling.targets import (
    DIMENSION,
    NAMESPACE,
    Place,
    Targets,
    namespace,
    place,
)
from landrail.localaws.store import Tables

_TRACKING = "TargetTrackingScaling"
_PREDEFINED = frozenset(
    {
        "SageMakerVariantInvocationsPerInstance",
        "SageMakerVariantConcurrentRequestsPerModelHighResolution",
    }
)
_METRICS = ("PredefinedMetricSpecification", "CustomizedMetricSpecification")


class Policies:
    """The policies of all targets."""

    def __init__(self, tables: Tables, targets: Targets) -> None:
        self._table = tables.table("autoscaling.policies")
        self._targets = targets

    def put(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer PutScalingPolicy."""
        at, name = place(call), str(call.params["PolicyName"])
        self._targets.required(at)
        old = self._table.get(*at.key, name)
        document = {
            "arn": old["arn"] if old else _arn(at, name),
            "tracking": _tracking(call.params),
            "since": old["since"] if old else time.time(),
        }
        self._table.put(*at.key, name, value=document)
        return {"PolicyARN": document["arn"], "Alarms": []}

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer DeleteScalingPolicy."""
        at, name = place(call), str(call.params["PolicyName"])
        if not self._table.delete(*at.key, name):
            raise missing(
                f"No scaling policy found for service namespace: sagemaker, resource ID: "
                f"{at.resource}, scalable dimension: {DIMENSION}, policy name: {name}"
            )
        return {}

    def forget(self, at: Place) -> None:
        """Drop the policies of a target that is no more."""
        for key, _ in list(self._table.scan(*at.key)):
            self._table.delete(*key)

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer DescribeScalingPolicies."""
        namespace(call)
        names, resource = call.params.get("PolicyNames"), call.params.get("ResourceId")
        found = [
            _view(Place(*key[:3]), key[3], document)
            for key, document in self._table.scan(call.account, call.region)
            if resource in (None, key[2]) and (not names or {key[3], document["arn"]} & set(names))
        ]
        return page(call, found, "ScalingPolicies")


def _tracking(params: Mapping[str, Any]) -> dict[str, Any]:
    kind = params.get("PolicyType", "StepScaling")
    if kind != _TRACKING:
        raise not_here(f"scaling policies of type {kind}")
    given = params.get("TargetTrackingScalingPolicyConfiguration")
    if not given:
        raise invalid("TargetTrackingScalingPolicyConfiguration is required for this policy type.")
    if sum(name in given for name in _METRICS) != 1:
        raise invalid(f"Exactly one of {' and '.join(_METRICS)} is to be given.")
    if float(given["TargetValue"]) <= 0:
        raise invalid("TargetValue must be greater than 0.")
    for name in ("ScaleInCooldown", "ScaleOutCooldown"):
        if int(given.get(name, 0)) < 0:
            raise invalid(f"{name} must not be negative.")
    metric = (given.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
    if metric is not None and metric not in _PREDEFINED:
        raise invalid(f"Unsupported predefined metric type {metric} for {DIMENSION}.")
    return dict(given)


def _arn(at: Place, name: str) -> str:
    where = f"arn:aws:autoscaling:{at.region}:{at.account}:scalingPolicy:{uuid.uuid4()}"
    return f"{where}:resource/{NAMESPACE}/{at.resource}:policyName/{name}"


def _view(at: Place, name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "PolicyARN": document["arn"],
        "PolicyName": name,
        "ServiceNamespace": NAMESPACE,
        "ResourceId": at.resource,
        "ScalableDimension": DIMENSION,
        "PolicyType": _TRACKING,
        "TargetTrackingScalingPolicyConfiguration": document["tracking"],
        "Alarms": [],
        "CreationTime": datetime.fromtimestamp(document["since"], UTC),
    }
