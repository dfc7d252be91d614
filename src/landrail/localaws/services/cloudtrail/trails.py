"""Operations on trails where the store alone would not do: they take effect here.

What changes a trail delivers first what came before the change, under the settings of then. The
trail of an organization is seen from its accounts, and kept by those that administer it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation, Platform
from landrail.localaws.services.cloudtrail import settings
from landrail.localaws.services.cloudtrail.checks import check_bucket, check_organization
from landrail.localaws.services.cloudtrail.delivery import Delivery
from landrail.localaws.services.cloudtrail.states import State, States
from landrail.localaws.services.cloudtrail.worker import Worker
from landrail.localaws.trail import Trail


class Trails:
    """Trails of every account."""

    def __init__(
        self, platform: Platform, trail: Trail, states: States, delivery: Delivery, worker: Worker
    ) -> None:
        self._platform = platform
        self._trail = trail
        self._states = states
        self._delivery = delivery
        self._worker = worker

    def operations(self) -> Mapping[str, Operation]:
        """Return what is ours."""
        return {
            "CreateTrail": self.create_trail,
            "UpdateTrail": self._changing(self.update_trail),
            "PutEventSelectors": self._changing(self._platform.perform),
            "DeleteTrail": self._changing(self.delete_trail),
            "StartLogging": self._changing(self.start_logging),
            "StopLogging": self._changing(self.stop_logging),
            "GetTrail": self._looking,
            "GetEventSelectors": self._looking,
            "GetInsightSelectors": self._looking,
            "GetTrailStatus": self.get_trail_status,
            "DescribeTrails": self.describe_trails,
            "ListTrails": self.list_trails,
        }

    def create_trail(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a trail that its bucket takes files of."""
        if call.params.get("IsOrganizationTrail"):
            organization = check_organization(self._platform, self._delivery.membership, call)
            call = replace(call, account=organization.management)
        state = State(call.account, call.region, str(call.params["Name"]))
        if settings.read(self._platform, call.account, call.region, state.name) is not None:
            message = f"Trail {state.name} already exists for customer: {call.account}"
            raise ApiError("TrailAlreadyExistsException", message)
        check_bucket(self._platform, call, state.arn, call.params, self._delivery.membership)
        self._states.put(replace(state, digest_since=time.time()))
        return self._platform.perform(call)

    def update_trail(self, call: ApiCall) -> Mapping[str, Any]:
        """Change a trail's settings."""
        state = self._state(call)
        found = settings.read(self._platform, state.account, state.region, state.name)
        if found is None:
            return self._platform.perform(call)
        if call.params.get("IsOrganizationTrail"):
            check_organization(self._platform, self._delivery.membership, call)
        if call.params.get("S3BucketName") or call.params.get("S3KeyPrefix") is not None:
            whole = {
                "S3BucketName": found.bucket,
                "S3KeyPrefix": found.prefix,
                "IsOrganizationTrail": found.of_organization,
                **call.params,
            }
            check_bucket(self._platform, call, state.arn, whole, self._delivery.membership)
        return self._platform.perform(call)

    def delete_trail(self, call: ApiCall) -> Mapping[str, Any]:
        """Remove a trail; the files that it delivered stay."""
        state = self._state(call)
        # The store takes a name here, and forgets nothing under an ARN.
        params = {**call.params, "Name": state.name}
        settings.own(self._platform, call.account, call.region, "GetTrail", params)
        result = self._platform.perform(replace(call, params=params))
        self._states.delete(state.account, state.region, state.name)
        return result

    def start_logging(self, call: ApiCall) -> Mapping[str, Any]:
        """Deliver from here on."""
        result = self._platform.perform(call)
        place = self._trail.size
        self._states.change(self._state(call), lambda state: _opened(state, place))
        return result

    def stop_logging(self, call: ApiCall) -> Mapping[str, Any]:
        """Deliver until here; the event of the stop itself is the last."""
        result = self._platform.perform(call)
        state = self._state(call)
        if any(end is None for _, end in state.ranges):
            self._states.set(state, closing=call.request_id)
        return result

    def get_trail_status(self, call: ApiCall) -> Mapping[str, Any]:
        """Say whether a trail logs, and how its last delivery went."""
        call = self._seen(call)
        result = dict(self._platform.perform(call))
        for name in _OURS:
            result.pop(name, None)
        return {**result, **_told(self._state(call))}

    def describe_trails(self, call: ApiCall) -> Mapping[str, Any]:
        """List trails with their settings, the organization's among them."""
        params = call.params
        if params.get("includeShadowTrails", True) is False:
            return self._platform.perform(call)
        listed = list(self._platform.perform(call).get("trailList") or ())
        asked = set(params.get("trailNameList") or ())
        for home in self._of_organization(call):
            for trail in self._platform.perform(replace(call, account=home)).get("trailList") or ():
                named = not asked or asked & {trail["Name"], trail["TrailARN"]}
                if trail.get("IsOrganizationTrail") and named:
                    listed.append(trail)
        return {"trailList": listed}

    def list_trails(self, call: ApiCall) -> Mapping[str, Any]:
        """List trails, the organization's among them."""
        listed = list(self._platform.perform(call).get("Trails") or ())
        params: dict[str, Any] = {"trailNameList": []}
        for home in self._of_organization(call):
            asked = replace(call, account=home, operation="DescribeTrails", params=params)
            for trail in self._platform.perform(asked).get("trailList") or ():
                if trail.get("IsOrganizationTrail"):
                    names = ("Name", "TrailARN", "HomeRegion")
                    listed.append({name: trail[name] for name in names if name in trail})
        return {"Trails": listed}

    def _changing(self, perform: Callable[[ApiCall], Mapping[str, Any]]) -> Operation:
        """Before a change, deliver what came under the settings that are changed."""

        def changed(call: ApiCall) -> Mapping[str, Any]:
            call = self._kept(call)
            with self._delivery.lock:
                state = self._state(call)
                if state.ranges:
                    self._delivery.deliver(state)
                result = perform(call)
            self._worker.hurry()
            return result

        return changed

    def _looking(self, call: ApiCall) -> Mapping[str, Any]:
        return self._platform.perform(self._seen(call))

    def _state(self, call: ApiCall) -> State:
        name = str(call.params.get("Name") or call.params.get("TrailName"))
        region = call.region
        if name.startswith("arn:"):
            parts = name.split(":")
            region, name = parts[3], name.rpartition("/")[2]
        found = self._states.get(call.account, region, name)
        return found or State(call.account, region, name, digest_since=time.time())

    def _kept(self, call: ApiCall) -> ApiCall:
        """Who administers the organization's trails changes those of the management account."""
        home = _owner(call)
        organization = self._delivery.membership.of(call.account) if home else None
        if organization is None or home != organization.management:
            return call
        return replace(call, account=home) if call.account in organization.administrators else call

    def _seen(self, call: ApiCall) -> ApiCall:
        """An account sees the trail of its organization by its ARN."""
        home = _owner(call)
        if home in self._of_organization(call):
            return replace(call, account=str(home))
        return call

    def _of_organization(self, call: ApiCall) -> tuple[str, ...]:
        organization = self._delivery.membership.of(call.account)
        if organization is None or organization.management == call.account:
            return ()
        return (organization.management,)


def _owner(call: ApiCall) -> str | None:
    """Return the account in the ARN of a trail of another account."""
    name = str(call.params.get("Name") or call.params.get("TrailName") or "")
    parts = name.split(":")
    return parts[4] if len(parts) > 5 and parts[4] != call.account else None


def _opened(state: State, place: int) -> State:
    if any(end is None for _, end in state.ranges) and not state.closing:
        return state
    ranges = tuple((start, place if end is None else end) for start, end in state.ranges)
    return replace(state, ranges=(*ranges, (place, None)), closing="")


_OURS = (
    *("LatestDeliveryTime", "LatestDeliveryError", "LatestDeliveryAttemptTime"),
    *("LatestDeliveryAttemptSucceeded", "LatestDigestDeliveryTime", "LatestDigestDeliveryError"),
)


def _told(state: State) -> dict[str, Any]:
    told: dict[str, Any] = {
        "LatestDeliveryAttemptTime": _text(state.attempted),
        "LatestDeliveryAttemptSucceeded": _text(state.delivered),
    }
    if state.delivered is not None:
        told["LatestDeliveryTime"] = datetime.fromtimestamp(state.delivered, UTC)
    if state.digested is not None:
        told["LatestDigestDeliveryTime"] = datetime.fromtimestamp(state.digested, UTC)
    if state.error:
        told["LatestDeliveryError"] = state.error
    if state.digest_error:
        told["LatestDigestDeliveryError"] = state.digest_error
    return told


def _text(moment: float | None) -> str:
    return "" if moment is None else time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
