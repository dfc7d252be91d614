"""What may be scaled: a variant of an endpoint, between a least and a most.

Source: API reference of RegisterScalableTarget. Of AWS's namespaces, `sagemaker` alone is there,
with the one dimension that an endpoint's variant has.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Platform
from landrail.localaws.services.autoscaling.errors import invalid, missing, not_here
from landrail.localaws.services.autoscaling.pages import page
from landrail.localaws.store import Tables

SERVICE = Caller(kind="service", arn="application-autoscaling.amazonaws.com", account=None)
NAMESPACE = "sagemaker"
DIMENSION = "sagemaker:variant:DesiredInstanceCount"
ROLE = "AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint"
_RESOURCE = re.compile(r"endpoint/([A-Za-z0-9-]{1,63})/variant/([A-Za-z0-9-]{1,63})")
_SUSPENDABLE = (
    "DynamicScalingInSuspended",
    "DynamicScalingOutSuspended",
    "ScheduledScalingSuspended",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Which target: those of one account and region are told apart by their resource."""

    account: str
    region: str
    resource: str

    @property
    def key(self) -> tuple[str, str, str]:
        """The key of its document."""
        return self.account, self.region, self.resource


def place(call: ApiCall) -> Place:
    """Return which target a call is about; raises ApiError for what cannot be scaled here."""
    namespace(call)
    dimension = call.params["ScalableDimension"]
    if dimension != DIMENSION:
        raise not_here(f"the scalable dimension {dimension}")
    resource = str(call.params["ResourceId"])
    if _RESOURCE.fullmatch(resource) is None:
        raise invalid(
            f"Unsupported service namespace, resource type or scalable dimension: {resource} is "
            "not of the form endpoint/NAME/variant/NAME."
        )
    return Place(call.account, call.region, resource)


def namespace(call: ApiCall) -> None:
    """Refuse the namespaces of other services by name."""
    if call.params["ServiceNamespace"] != NAMESPACE:
        raise not_here(f"scaling of {call.params['ServiceNamespace']}")


class Targets:
    """The targets."""

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._table = tables.table("autoscaling.targets")

    def get(self, at: Place) -> dict[str, Any] | None:
        """Return a target's document."""
        found: dict[str, Any] | None = self._table.get(*at.key)
        return found

    def required(self, at: Place) -> dict[str, Any]:
        """Return a target's document; raises ApiError where there is none."""
        found = self.get(at)
        if found is None:
            raise missing(
                "No scalable target registered for service namespace: sagemaker, resource ID: "
                f"{at.resource}, scalable dimension: {DIMENSION}"
            )
        return found

    def by_arn(self, arn: str, call: ApiCall) -> tuple[Place, dict[str, Any]]:
        """Return the target with an ARN; raises ApiError where there is none."""
        for key, found in self._table.scan(call.account, call.region):
            if found["arn"] == arn:
                return Place(*key), found
        raise ApiError("ResourceNotFoundException", f"There is no scalable target {arn}.")

    def tag(self, at: Place, tags: Mapping[str, str]) -> None:
        """Give a target these tags in place of all it had."""
        self._table.put(*at.key, value={**self.required(at), "tags": dict(tags)})

    def register(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer RegisterScalableTarget: a new target, or other limits of one that is there."""
        at, params = place(call), call.params
        old = self.get(at)
        low = params.get("MinCapacity", old["min"] if old else None)
        high = params.get("MaxCapacity", old["max"] if old else None)
        if low is None or high is None:
            lacking = "MinCapacity" if low is None else "MaxCapacity"
            raise invalid(f"{lacking} is required for a target that is not registered yet.")
        if low < 0 or high < low:
            raise invalid(
                f"Maximum capacity cannot be less than minimum capacity: {high} and {low}."
            )
        self._there(at)
        ident = uuid.uuid4().hex[:27]
        arn = f"arn:aws:application-autoscaling:{at.region}:{at.account}:scalable-target/1{ident}"
        suspended = {**(old["suspended"] if old else dict.fromkeys(_SUSPENDABLE, False))}
        suspended |= params.get("SuspendedState") or {}
        document = {
            "arn": old["arn"] if old else arn,
            "min": int(low),
            "max": int(high),
            "suspended": suspended,
            "since": old["since"] if old else time.time(),
            "tags": old["tags"] if old else _tags(params),
        }
        self._table.put(*at.key, value=document)
        return {"ScalableTargetARN": document["arn"]}

    def deregister(self, call: ApiCall) -> Place:
        """Forget a target; raises ApiError where there is none."""
        at = place(call)
        self.required(at)
        self._table.delete(*at.key)
        return at

    def describe(self, call: ApiCall) -> Mapping[str, Any]:
        """Answer DescribeScalableTargets."""
        namespace(call)
        wanted = call.params.get("ResourceIds")
        found = [
            _view(Place(*key), document)
            for key, document in self._table.scan(call.account, call.region)
            if not wanted or key[2] in wanted
        ]
        return page(call, found, "ScalableTargets")

    def _there(self, at: Place) -> None:
        """AWS asks the service whether the resource is there."""
        match = _RESOURCE.fullmatch(at.resource)
        name, variant = (match[1], match[2]) if match is not None else ("", "")
        try:
            found = self._platform.call(
                SERVICE,
                "sagemaker",
                "DescribeEndpoint",
                {"EndpointName": name},
                region=at.region,
                account=at.account,
            )
        except ApiError as error:
            raise invalid(f"Endpoint {name} cannot be scaled: {error.message}") from error
        variants = [one["VariantName"] for one in found.get("ProductionVariants") or ()]
        if variant not in variants:
            raise invalid(f"Endpoint {name} has no variant {variant}, but {', '.join(variants)}.")


def _tags(params: Mapping[str, Any]) -> dict[str, str]:
    return dict(params.get("Tags") or {})


def _view(at: Place, document: Mapping[str, Any]) -> dict[str, Any]:
    role = f"sagemaker.application-autoscaling.amazonaws.com/{ROLE}"
    return {
        "ServiceNamespace": NAMESPACE,
        "ResourceId": at.resource,
        "ScalableDimension": DIMENSION,
        "MinCapacity": document["min"],
        "MaxCapacity": document["max"],
        "RoleARN": f"arn:aws:iam::{at.account}:role/aws-service-role/{role}",
        "CreationTime": datetime.fromtimestamp(document["since"], UTC),
        "SuspendedState": document["suspended"],
        "ScalableTargetARN": document["arn"],
    }
