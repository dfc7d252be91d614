"""A line of the trail as one of CloudTrail's records, for one of the accounts that see it.

Source: CloudTrail User Guide, "CloudTrail record contents". What is not in it on purpose: the
decision behind the call, which is Landrail's (`landrail explain`).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from landrail.localaws.trail.categories import data_type
from landrail.localaws.trail.types import resource_type

_VERSION = "1.11"
_NAMESPACE = uuid.UUID("6f0c6c6a-3f5b-5b0e-9c39-6a1f3a1d5c11")
_GLOBAL = frozenset({"iam.amazonaws.com", "organizations.amazonaws.com", "sts.amazonaws.com"})
_HOME = "us-east-1"


def record(entry: Mapping[str, Any], account: str) -> dict[str, Any]:
    """Return the record of an entry as `account` gets it."""
    kind = data_type(entry)
    made: dict[str, Any] = {
        "eventVersion": _VERSION,
        "userIdentity": entry["userIdentity"],
        "eventTime": entry["eventTime"],
        "eventSource": entry["eventSource"],
        "eventName": entry["eventName"],
        "awsRegion": entry["awsRegion"],
        "sourceIPAddress": entry.get("sourceIPAddress", ""),
        "userAgent": entry.get("userAgent", ""),
    }
    for name in ("errorCode", "errorMessage"):
        if name in entry:
            made[name] = entry[name]
    made |= {
        "requestParameters": entry.get("requestParameters"),
        "responseElements": entry.get("responseElements"),
        "requestID": entry.get("requestID", ""),
        "eventID": entry["eventID"],
        "readOnly": entry["readOnly"],
        "resources": [_resource(each["ARN"], entry) for each in entry.get("resources", ())],
        "eventType": entry["eventType"],
        "managementEvent": kind is None,
        "recipientAccountId": account,
        "eventCategory": "Management" if kind is None else "Data",
    }
    for name in ("vpcEndpointId", "vpcEndpointAccountId"):
        if name in entry:
            made[name] = entry[name]
    if len(entry.get("accounts", ())) > 1:
        # The same act in the trails of both accounts.
        made["sharedEventID"] = str(uuid.uuid5(_NAMESPACE, str(entry["eventID"])))
    return made


def is_of_region(entry: Mapping[str, Any], region: str, *, everywhere: bool) -> bool:
    """Say whether a trail of this home region gets an event: `everywhere` where it is of every
    region or takes the events of global services."""
    if entry["awsRegion"] == region:
        return True
    return everywhere and entry["awsRegion"] == _HOME and entry["eventSource"] in _GLOBAL


def _resource(arn: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"ARN": arn}
    parts = arn.split(":")
    if len(parts) > 4:
        made["accountId"] = parts[4] or entry.get("recipientAccountId")
    kind = resource_type(arn)
    if kind is not None:
        made["type"] = kind
    return made
