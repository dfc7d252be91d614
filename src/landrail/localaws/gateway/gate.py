"""The one way to an operation: authorize, perform, record, tell the services that watch.

Clients come here over HTTP, our own services in process; there is no other way and no switch that
turns a step off.
"""

from __future__ import annotations

import logging
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Completed
from landrail.localaws.gateway.decide import Access, Decider, Verdict
from landrail.localaws.gateway.registry import Registry
from landrail.localaws.gateway.watch import Watchers
from landrail.localaws.store import Answer, Store, changes_state, operation_model, read
from landrail.localaws.trail import Trail, masked

_log = logging.getLogger(__name__)
_NO_KEY = "AKIAIOSFODNN7EXAMPLE"


@dataclass(frozen=True, slots=True)
class Asked:
    """A call as it reaches the gate; `account` only for service principals."""

    caller: Caller
    service: str
    operation: str
    params: Mapping[str, Any]
    region: str
    account: str | None = None
    source_ip: str | None = None
    user_agent: str = ""
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    context: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """An operation performed: the store's answer as it is, or the result of one of our services."""

    asked: Asked
    answer: Answer | None
    result: Mapping[str, Any] | None

    def dictionary(self) -> dict[str, Any]:
        """Return the result in botocore's shape; raises ApiError for an error answer."""
        if self.answer is not None:
            return read(self.asked.service, self.asked.operation, self.answer)
        return dict(self.result or {})


class Gate:
    """The gate of one local AWS."""

    def __init__(
        self, store: Store, registry: Registry, decider: Decider, trail: Trail, watchers: Watchers
    ) -> None:
        self._store = store
        self._registry = registry
        self._decider = decider
        self._trail = trail
        self._watchers = watchers

    def enter(self, asked: Asked) -> Done:
        """Perform a call for its caller; raises ApiError as the caller is to see it. An error that
        the store answers is in the `Done`."""
        event_id = f"e-{secrets.token_hex(6)}"
        verdict: Verdict | None = None
        error: ApiError | None = None
        done: Done | None = None
        try:
            verdict = self._decide(asked, event_id)
            call = ApiCall(
                caller=asked.caller,
                account=verdict.account,
                region=asked.region,
                service=asked.service,
                operation=asked.operation,
                params=asked.params,
                request_id=asked.request_id,
            )
            done = self.perform(call, asked)
            if changes_state(asked.operation) and (done.answer is None or done.answer.status < 300):
                self._watchers.tell(Completed(call, done.dictionary()))
        except ApiError as raised:
            error = raised
            verdict = verdict or getattr(raised, "verdict", None)
            raise
        finally:
            self._trail.append(_entry(asked, event_id, verdict, done, error))
        return done

    def _decide(self, asked: Asked, event_id: str) -> Verdict:
        access = Access(
            caller=asked.caller,
            service=asked.service,
            operation=asked.operation,
            params=asked.params,
            region=asked.region,
            account=asked.account,
            source_ip=asked.source_ip,
            user_agent=asked.user_agent,
            context=asked.context,
        )
        return self._decider.decide(access, event_id)

    def perform(self, call: ApiCall, asked: Asked) -> Done:
        """Hand an authorized call to the service of ours that has it, or to the store."""
        service = self._registry.get(call.service)
        if service is not None:
            operation = service.operations.get(call.operation)
            if operation is not None:
                return Done(asked, None, operation(call))
            if service.owned:
                raise ApiError(
                    "UnsupportedOperation",
                    f"The local AWS does not have {call.service}:{call.operation} yet.",
                    501,
                )
        return Done(asked, self.store(call), None)

    def store(self, call: ApiCall) -> Answer:
        """Perform an authorized call in the store."""
        return self._store.perform(
            call.account,
            call.region,
            call.service,
            call.operation,
            call.params,
            call.caller.access_key_id or _NO_KEY,
        )


def _entry(
    asked: Asked, event_id: str, verdict: Verdict | None, done: Done | None, error: ApiError | None
) -> dict[str, Any]:
    caller = asked.caller
    model = operation_model(asked.service, asked.operation)
    entry: dict[str, Any] = {
        "eventID": event_id,
        "eventTime": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "eventSource": f"{model.service_model.signing_name}.amazonaws.com",
        "eventName": asked.operation,
        "awsRegion": asked.region,
        "sourceIPAddress": asked.source_ip or "AWS Internal",
        "userAgent": asked.user_agent,
        "userIdentity": _identity(caller),
        "requestParameters": masked(asked.params, model.input_shape),
        "readOnly": not changes_state(asked.operation),
        "requestID": asked.request_id,
        "recipientAccountId": verdict.account if verdict else caller.account,
        "eventType": "AwsApiCall",
        "landrail": {"service": asked.service, **(verdict.explanation if verdict else {})},
    }
    if verdict is not None:
        entry["resources"] = [{"ARN": arn} for arn in verdict.resources]
    if error is None and done is not None and done.answer is not None and done.answer.status >= 400:
        error = _error_of(done)
    if error is not None:
        entry["errorCode"], entry["errorMessage"] = error.code, error.message
    elif done is not None and done.result is not None and changes_state(asked.operation):
        entry["responseElements"] = masked(done.result, model.output_shape)
    return entry


def _error_of(done: Done) -> ApiError:
    try:
        done.dictionary()
    except ApiError as error:
        return error
    return ApiError("Unknown", "", 500)


def _identity(caller: Caller) -> dict[str, Any]:
    kinds = {
        "root": "Root",
        "user": "IAMUser",
        "session": "AssumedRole",
        "federated": "FederatedUser",
        "service": "AWSService",
        "anonymous": "AWSAccount",
    }
    identity: dict[str, Any] = {
        "type": kinds[caller.kind],
        "arn": caller.arn,
        "accountId": caller.account,
        "principalId": caller.user_id,
        "accessKeyId": caller.access_key_id,
    }
    if caller.kind == "service":
        identity = {"type": "AWSService", "invokedBy": caller.arn}
    if caller.role_arn is not None:
        identity["sessionContext"] = {
            "sessionIssuer": {"type": "Role", "arn": caller.role_arn, "accountId": caller.account},
            "sourceIdentity": caller.source_identity,
        }
    if caller.called_via:
        identity["invokedBy"] = caller.called_via[-1]
    return identity
