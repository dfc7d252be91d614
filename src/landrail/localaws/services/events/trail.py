"""The event that AWS publishes for a recorded API call: "AWS API Call via CloudTrail"."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from landrail.localaws.api import ApiCall

# What a rule never needs to see, and a target must not get.
_SECRET = {
    *("body", "secretstring", "secretbinary", "value", "password", "token", "webidentitytoken"),
    *("samlassertion", "plaintext", "filecontent", "layerpartblob", "templatebody"),
}


def entry(call: ApiCall) -> dict[str, Any]:
    """Return the entry for a call that changed something."""
    caller = call.caller
    detail = {
        "eventVersion": "1.08",
        "eventSource": f"{call.service}.amazonaws.com",
        "eventName": call.operation,
        "awsRegion": call.region,
        "eventID": call.request_id,
        "eventType": "AwsApiCall",
        "recipientAccountId": call.account,
        "userIdentity": {
            "type": "AssumedRole" if caller.role_arn else caller.kind,
            "arn": caller.arn,
            "accountId": caller.account,
            "principalId": caller.user_id,
            "sessionContext": {"sessionIssuer": {"type": "Role", "arn": caller.role_arn}},
        },
        "requestParameters": _plain(call.params),
    }
    return {
        "Source": f"aws.{call.service}",
        "DetailType": "AWS API Call via CloudTrail",
        "Detail": json.dumps(detail),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            name[:1].lower() + name[1:]: _plain(one)
            for name, one in value.items()
            if name.lower() not in _SECRET
        }
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | float | bool | None) else None
