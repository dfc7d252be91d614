"""CloudTrail's LookupEvents, answered from the trail; all else of CloudTrail is the store's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Completed, Door, Operation
from landrail.localaws.trail import Trail

_LONGEST = 50
# Events of data, which CloudTrail's event history does not have.
_DATA = frozenset(
    {
        ("s3.amazonaws.com", name)
        for name in ("GetObject", "PutObject", "HeadObject", "DeleteObject", "CopyObject")
    }
)


class EventHistory:
    """The event history of each account."""

    name = "cloudtrail"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self.operations: Mapping[str, Operation] = {"LookupEvents": self.lookup_events}

    def lookup_events(self, call: ApiCall) -> Mapping[str, Any]:
        """Return events of the account and region, newest first."""
        found = list(self._found(call))
        size = min(int(call.params.get("MaxResults") or _LONGEST), _LONGEST)
        token = call.params.get("NextToken") or "0"
        if not token.isdigit():
            raise ApiError("InvalidNextTokenException", "Invalid token.")
        start = int(token)
        result: dict[str, Any] = {"Events": [_event(e) for e in found[start : start + size]]}
        if start + size < len(found):
            result["NextToken"] = str(start + size)
        return result

    def _found(self, call: ApiCall) -> Iterator[Mapping[str, Any]]:
        wanted = {a["AttributeKey"]: a["AttributeValue"] for a in _attributes(call)}
        first, last = call.params.get("StartTime"), call.params.get("EndTime")
        for entry in self._trail.recent():
            at = _time(entry)
            if (
                call.account in _accounts(entry)
                and entry["awsRegion"] == call.region
                and (entry["eventSource"], entry["eventName"]) not in _DATA
                and (first is None or at >= first)
                and (last is None or at <= last)
                and all(_fits(entry, key, value) for key, value in wanted.items())
            ):
                yield entry

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """The event history has none."""
        del account, region, arn
        return None

    def completed(self, event: Completed) -> None:
        """The trail has it already."""

    def start(self) -> None:
        """The trail is read when it is asked for."""

    def stop(self) -> None:
        """There is nothing to end."""


def _accounts(entry: Mapping[str, Any]) -> tuple[Any, Any]:
    return entry.get("recipientAccountId"), entry["userIdentity"].get("accountId")


def _attributes(call: ApiCall) -> list[Mapping[str, str]]:
    return list(call.params.get("LookupAttributes") or ())


def _fits(entry: Mapping[str, Any], key: str, value: str) -> bool:
    if key == "ResourceName":
        return any(value in resource["ARN"] for resource in entry.get("resources", ()))
    return _written(entry).get(key) == value


def _written(entry: Mapping[str, Any]) -> dict[str, Any]:
    identity = entry["userIdentity"]
    return {
        "EventId": entry["eventID"],
        "EventName": entry["eventName"],
        "ReadOnly": "true" if entry["readOnly"] else "false",
        "AccessKeyId": identity.get("accessKeyId") or "",
        "EventSource": entry["eventSource"],
        "Username": str(identity.get("arn") or identity.get("invokedBy") or "").rpartition("/")[2],
    }


def _event(entry: Mapping[str, Any]) -> dict[str, Any]:
    shown = {key: value for key, value in entry.items() if key != "landrail"}
    return {
        **_written(entry),
        "EventTime": _time(entry),
        "Resources": [{"ResourceName": r["ARN"]} for r in entry.get("resources", ())],
        "CloudTrailEvent": json.dumps(shown),
    }


def _time(entry: Mapping[str, Any]) -> datetime:
    return datetime.strptime(entry["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
