"""The trail's entries, in the shape of CloudTrail's records."""

from __future__ import annotations

import time
from typing import Any

from landrail.localaws.api import ApiError, Caller
from landrail.localaws.gateway.asked import Asked, Done
from landrail.localaws.gateway.decide import Verdict
from landrail.localaws.gateway.requests import Authorization
from landrail.localaws.layers import Way
from landrail.localaws.store import changes_state, operation_model
from landrail.localaws.trail import masked

_KINDS = {
    "root": "Root",
    "user": "IAMUser",
    "session": "AssumedRole",
    "federated": "FederatedUser",
    "service": "AWSService",
    "anonymous": "AWSAccount",
}


def of_call(
    asked: Asked,
    event_id: str,
    way: Way,
    verdict: Verdict | None,
    done: Done | None,
    error: ApiError | None,
) -> dict[str, Any]:
    """Return the entry of an API call."""
    model = operation_model(asked.service, asked.operation)
    if error is None and done is not None:
        error = _error_of(done)
    entry = _common(asked.caller, event_id, asked.region, verdict, error)
    entry |= {
        "eventSource": f"{model.service_model.signing_name}.amazonaws.com",
        "eventName": asked.operation,
        "eventType": "AwsApiCall",
        "sourceIPAddress": _address(asked.caller),
        "userAgent": asked.user_agent,
        "requestParameters": masked(asked.params, model.input_shape),
        "readOnly": not changes_state(asked.operation),
        "requestID": asked.request_id,
    }
    if way.vpce is not None:
        entry |= {"vpcEndpointId": way.vpce, "vpcEndpointAccountId": way.account}
    entry["landrail"]["service"] = asked.service
    ours = error is None and done is not None and done.result is not None
    if ours and done is not None and changes_state(asked.operation):
        entry["responseElements"] = masked(done.result, model.output_shape)
    return entry


def of_access(
    caller: Caller,
    needed: Authorization,
    region: str,
    event_id: str,
    verdict: Verdict | None,
    error: ApiError | None,
) -> dict[str, Any]:
    """Return the entry of an access that is no API call, such as a git fetch."""
    service, _, action = needed.action.partition(":")
    return _common(caller, event_id, region, verdict, error) | {
        "eventSource": f"{service}.amazonaws.com",
        "eventName": action,
        "eventType": "AwsServiceEvent",
        "sourceIPAddress": _address(caller),
        "userAgent": "",
        "readOnly": not changes_state(action),
    }


def _common(
    caller: Caller, event_id: str, region: str, verdict: Verdict | None, error: ApiError | None
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "eventID": event_id,
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "awsRegion": region,
        "userIdentity": _identity(caller),
        "recipientAccountId": (verdict.account if verdict else None) or caller.account,
        "resources": [{"ARN": arn} for arn in verdict.resources] if verdict else [],
        "landrail": dict(verdict.explanation) if verdict else {},
    }
    if error is not None:
        entry["errorCode"], entry["errorMessage"] = error.code, error.message
    return entry


def _address(caller: Caller) -> str:
    """Where from, as CloudTrail says it: of a service that acts for the caller, its name."""
    if caller.called_via:
        return caller.called_via[-1]
    return caller.origin.address if caller.origin else "AWS Internal"


def _error_of(done: Done) -> ApiError | None:
    if done.answer is None or done.answer.status < 400:
        return None
    try:
        done.dictionary()
    except ApiError as error:
        return error
    return ApiError("Unknown", "", done.answer.status)


def _identity(caller: Caller) -> dict[str, Any]:
    if caller.kind == "service":
        return {"type": "AWSService", "invokedBy": caller.arn}
    identity: dict[str, Any] = {
        "type": _KINDS[caller.kind],
        "arn": caller.arn,
        "accountId": caller.account,
        "principalId": caller.user_id,
        "accessKeyId": caller.access_key_id,
    }
    if caller.role_arn is not None:
        identity["sessionContext"] = {
            "sessionIssuer": {"type": "Role", "arn": caller.role_arn, "accountId": caller.account},
            "sourceIdentity": caller.source_identity,
        }
    if caller.called_via:
        identity["invokedBy"] = caller.called_via[-1]
    return identity
