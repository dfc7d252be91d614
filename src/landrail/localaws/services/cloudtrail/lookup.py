"""CloudTrail's event history: LookupEvents, answered from the trail of every account's calls.

Ninety days of management events by account and region, newest first. Data events are not in it, as
on AWS.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from landrail.localaws.api import ApiCall, ApiError
from landrail.localaws.trail import Trail, data_type, record, resource_names, resource_type

_MOST = 50
_DAYS = 90
_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

Entry = Mapping[str, Any]


def lookup_events(trail: Trail, call: ApiCall) -> Mapping[str, Any]:
    """Return a page of the events of an account and region; raises ApiError."""
    params = call.params
    size = _size(params)
    start = _start(params)
    if params.get("EventCategory") not in (None, "insight"):
        raise ApiError("InvalidEventCategoryException", "Only `insight` is an event category.")
    if params.get("EventCategory"):
        return {"Events": []}
    found = list(islice(_found(trail, call), start, start + size + 1))
    result: dict[str, Any] = {"Events": [_event(e, call.account) for e in found[:size]]}
    if len(found) > size:
        result["NextToken"] = f"{start + size}-{_asked(params)}"
    return result


def _size(params: Mapping[str, Any]) -> int:
    size = params.get("MaxResults", _MOST)
    if not 1 <= int(size) <= _MOST:
        raise ApiError(
            "InvalidMaxResultsException", f"MaxResults is {size}; it must be from 1 to {_MOST}."
        )
    return int(size)


def _start(params: Mapping[str, Any]) -> int:
    token = params.get("NextToken")
    if not token:
        return 0
    place, _, asked = str(token).partition("-")
    if not place.isdigit() or asked != _asked(params):
        raise ApiError(
            "InvalidNextTokenException",
            "The token is not valid, or the other parameters are not those it was given for.",
        )
    return int(place)


def _asked(params: Mapping[str, Any]) -> str:
    kept = {k: v for k, v in params.items() if k not in ("NextToken", "MaxResults")}
    text = json.dumps(kept, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _found(trail: Trail, call: ApiCall) -> Iterator[Entry]:
    fits, holding = _filter(call.params.get("LookupAttributes") or ())
    first, last = _range(call.params)
    for entry in trail.of_account(call.account, holding):
        at = _time(entry)
        if at < first:
            return
        if (
            at <= last
            and entry["awsRegion"] == call.region
            and data_type(entry) is None
            and fits(entry)
        ):
            yield entry


def _range(params: Mapping[str, Any]) -> tuple[datetime, datetime]:
    now = datetime.now(UTC)
    first, last = _moment(params.get("StartTime")), _moment(params.get("EndTime"))
    if first is not None and last is not None and first > last:
        raise ApiError(
            "InvalidTimeRangeException", "The start time must not be later than the end time."
        )
    oldest = now - timedelta(days=_DAYS)
    return max(first or oldest, oldest), last or now + timedelta(days=1)


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, UTC)
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _filter(attributes: Any) -> tuple[Callable[[Entry], bool], bytes]:
    """Return what an entry must fulfil, and a text that its line then holds."""
    if len(attributes) > 1:
        raise ApiError(
            "InvalidLookupAttributesException", "Only one lookup attribute can be given."
        )
    if not attributes:
        return (lambda _entry: True), b""
    key, value = str(attributes[0]["AttributeKey"]), str(attributes[0]["AttributeValue"])
    reader = _READERS.get(key)
    if reader is None:
        raise ApiError(
            "InvalidLookupAttributesException",
            f"{key} is not a lookup attribute: {', '.join(_READERS)}.",
        )
    exact = key not in ("ReadOnly", "ResourceType", "ResourceName")
    # Texts stand in JSON as they are, where they have nothing that JSON would write otherwise.
    plain = value.isascii() and not any(c in value for c in '"\\')
    return (lambda entry: value in reader(entry)), value.encode() if exact and plain else b""


def _arns(entry: Entry) -> Iterator[str]:
    return (str(resource["ARN"]) for resource in entry.get("resources", ()))


def username(entry: Entry) -> str:
    """Return a user's name, a session's, or the service's that acted."""
    identity = entry["userIdentity"]
    if identity["type"] == "Root":
        return "root"
    return str(identity.get("arn") or identity.get("invokedBy") or "").rpartition("/")[2]


_READERS: Mapping[str, Callable[[Entry], tuple[str, ...]]] = {
    "EventId": lambda e: (str(e["eventID"]),),
    "EventName": lambda e: (str(e["eventName"]),),
    "ReadOnly": lambda e: ("true" if e["readOnly"] else "false",),
    "Username": lambda e: (username(e),),
    "ResourceType": lambda e: tuple(t for arn in _arns(e) if (t := resource_type(arn))),
    "ResourceName": lambda e: tuple(n for arn in _arns(e) for n in resource_names(arn)),
    "EventSource": lambda e: (str(e["eventSource"]),),
    "AccessKeyId": lambda e: (str(e["userIdentity"].get("accessKeyId") or ""),),
}


def _event(entry: Entry, account: str) -> dict[str, Any]:
    event: dict[str, Any] = {
        "EventId": entry["eventID"],
        "EventName": entry["eventName"],
        "ReadOnly": "true" if entry["readOnly"] else "false",
        "EventTime": _time(entry),
        "EventSource": entry["eventSource"],
        "Username": username(entry),
        "Resources": [_resource(arn) for arn in _arns(entry)],
        "CloudTrailEvent": json.dumps(record(entry, account)),
    }
    key = entry["userIdentity"].get("accessKeyId")
    return {**event, "AccessKeyId": key} if key else event


def _resource(arn: str) -> dict[str, str]:
    kind = resource_type(arn)
    return {"ResourceName": arn, **({"ResourceType": kind} if kind else {})}


def _time(entry: Entry) -> datetime:
    return datetime.strptime(entry["eventTime"], _FORMAT).replace(tzinfo=UTC)
