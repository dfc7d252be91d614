"""The trail's entries, in the shape of CloudTrail's records."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError, Caller
from landrail.localaws.gateway.asked import Asked, Done, TurnedAway
from landrail.localaws.gateway.decide import Verdict
from landrail.localaws.gateway.requests import Authorization
from landrail.localaws.layers import Way
from landrail.localaws.store import changes_state, operation_model
from landrail.localaws.trail import accounts_of, masked

# A bug of ours: the caller saw HTTP 500.
_BROKEN = ApiError("InternalFailure", "Internal failure; see the server's log.", 500)
# Services with one endpoint for all regions: their events are of this one.
_GLOBAL = frozenset({"account", "budgets", "ce", "cloudfront", "iam", "organizations", "route53"})
_HOME = "us-east-1"
_KINDS = {
    "root": "Root",
    "user": "IAMUser",
    "session": "AssumedRole",
    "federated": "FederatedUser",
}


def of_call(
    asked: Asked,
    event_id: str,
    way: Way,
    verdict: Verdict | None,
    done: Done | None,
    error: ApiError | None,
    result: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """Return the entry of an API call; `result` is what a change answered."""
    model = operation_model(asked.service, asked.operation)
    if error is None:
        error = _error_of(done) if done is not None else _BROKEN
    region = _HOME if asked.service in _GLOBAL else asked.region
    entry = _common(asked.caller, event_id, region, verdict, error)
    entry |= {
        "eventSource": f"{model.service_model.signing_name}.amazonaws.com",
        "eventName": asked.operation,
        "eventType": "AwsApiCall",
        "sourceIPAddress": _address(asked.caller),
        "userAgent": asked.user_agent or _service(asked.caller) or "",
        "requestParameters": _parameters(asked, model.input_shape),
        "readOnly": not changes_state(asked.operation),
        "requestID": asked.request_id,
    }
    if way.vpce is not None:
        entry |= {"vpcEndpointId": way.vpce, "vpcEndpointAccountId": way.account}
    entry["landrail"]["service"] = asked.service
    if result:
        entry["responseElements"] = masked(result, model.output_shape)
    return entry


def of_turned_away(request: TurnedAway, event_id: str, error: ApiError) -> dict[str, Any]:
    """Return the entry of a request whose caller was not believed: of no account, as nobody knows
    whose it was."""
    model = operation_model(request.service, request.operation)
    return {
        "eventID": event_id,
        "accounts": [],
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "awsRegion": request.region,
        "recipientAccountId": None,
        "userIdentity": {"type": "Unknown", "accessKeyId": request.access_key_id},
        "resources": [],
        "landrail": {"decision": "Deny", "unauthenticated": error.code},
        "errorCode": error.code,
        "errorMessage": error.message,
        "eventSource": f"{model.service_model.signing_name}.amazonaws.com",
        "eventName": request.operation,
        "eventType": "AwsApiCall",
        "sourceIPAddress": request.address,
        "userAgent": request.user_agent,
        "requestParameters": None,
        "readOnly": not changes_state(request.operation),
    }


def _parameters(asked: Asked, shape: Any) -> Any:
    found = masked(asked.params, shape)
    if asked.service == "s3" and "bucket" in found:
        return {"bucketName" if key == "bucket" else key: each for key, each in found.items()}
    return found


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
        "userAgent": _service(caller) or "",
        "readOnly": not changes_state(action),
    }


def _common(
    caller: Caller, event_id: str, region: str, verdict: Verdict | None, error: ApiError | None
) -> dict[str, Any]:
    recipient = (verdict.account if verdict else None) or caller.account
    entry: dict[str, Any] = {
        # These two come first: the trail finds lines by them.
        "eventID": event_id,
        "accounts": [],
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "awsRegion": region,
        "recipientAccountId": recipient,
        "userIdentity": identity(caller),
        "resources": [{"ARN": arn} for arn in verdict.resources] if verdict else [],
        "landrail": dict(verdict.explanation) if verdict else {},
    }
    entry["accounts"] = accounts_of(entry)
    if error is not None:
        entry["errorCode"], entry["errorMessage"] = error.code, error.message
    return entry


def _address(caller: Caller) -> str:
    """Where from, as CloudTrail says it: of a service that acts for the caller, its name."""
    service = _service(caller)
    if service:
        return service
    return caller.origin.address if caller.origin else "AWS Internal"


def _service(caller: Caller) -> str | None:
    """Return the service that makes the call, where it is not the caller's own client."""
    if caller.called_via:
        return caller.called_via[-1]
    if caller.kind == "service":
        return caller.arn
    return caller.held_by if caller.held_by and caller.origin is None else None


def _error_of(done: Done) -> ApiError | None:
    if done.answer is None or done.answer.status < 400:
        return None
    try:
        done.dictionary()
    except ApiError as error:
        return error
    return ApiError("Unknown", "", done.answer.status)


def identity(caller: Caller) -> dict[str, Any]:
    """Return the caller as CloudTrail's `userIdentity`."""
    if caller.kind == "service":
        return {"type": "AWSService", "invokedBy": caller.arn}
    if caller.kind == "anonymous":
        return {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}
    found: dict[str, Any] = {
        "type": _KINDS[caller.kind],
        "principalId": caller.user_id,
        "arn": caller.arn,
        "accountId": caller.account,
        "accessKeyId": caller.access_key_id,
    }
    if caller.kind == "user":
        found["userName"] = caller.arn.rpartition("/")[2]
    context = _session_context(caller)
    if context:
        found["sessionContext"] = context
    service = _service(caller)
    if service:
        found["invokedBy"] = service
    return found


def _session_context(caller: Caller) -> dict[str, Any]:
    context: dict[str, Any] = {}
    if caller.role_arn is not None:
        federated = caller.kind == "federated"
        context["sessionIssuer"] = {
            "type": "IAMUser" if federated else "Role",
            "principalId": caller.user_id.partition(":")[0],
            "arn": caller.role_arn,
            "accountId": caller.account,
            "userName": caller.role_arn.rpartition("/")[2],
        }
    if caller.issued_at is not None:
        context["attributes"] = {
            "creationDate": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(caller.issued_at)),
            "mfaAuthenticated": "true" if caller.mfa else "false",
        }
    if caller.source_identity:
        context["sourceIdentity"] = caller.source_identity
    return context
