"""The one way to an operation: authorize, perform, record, tell the services that watch.

Clients come here over HTTP, our own services in process; there is no other way and no switch that
turns a step off.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Completed
from landrail.localaws.gateway import entries, storing
from landrail.localaws.gateway.asked import Asked, Done, TurnedAway
from landrail.localaws.gateway.callers import protected
from landrail.localaws.gateway.callers.authenticate import Refused
from landrail.localaws.gateway.decide import Access, Decider, Denied, Verdict
from landrail.localaws.gateway.faults import Refusal, refusal
from landrail.localaws.gateway.parts import allowed_parts, joined
from landrail.localaws.gateway.registry import Registry
from landrail.localaws.gateway.requests import Authorization, behind_points
from landrail.localaws.gateway.watch import Watchers
from landrail.localaws.layers import Way, endpoint_service
from landrail.localaws.store import Answer, Store, StoreSources, changes_state, protocol
from landrail.localaws.trail import Trail

_log = logging.getLogger(__name__)
_FALLS = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
GLOBAL = "us-east-1"
_NO_KEY = "AKIAIOSFODNN7EXAMPLE"


class Gate:
    """The gate of one local AWS."""

    def __init__(
        self,
        store: Store,
        sources: StoreSources,
        registry: Registry,
        decider: Decider,
        trail: Trail,
        watchers: Watchers,
    ) -> None:
        self._store = store
        self._sources = sources
        self._registry = registry
        self._decider = decider
        self._trail = trail
        self._watchers = watchers

    def enter(self, asked: Asked) -> Done:
        """Perform a call for its caller; raises ApiError as the caller is to see it. An error that
        the store answers is in the `Done`."""
        event_id = f"e-{secrets.token_hex(6)}"
        way = Way()
        verdict: Verdict | None = None
        error: ApiError | None = None
        done: Done | None = None
        result: Mapping[str, Any] | None = None
        try:
            name = endpoint_service(asked.service, asked.region)
            way = self._decider.way(asked.caller, name, event_id, asked.vpce)
            protected.check(asked, self._sources)
            verdict = self._decide(asked, way, event_id)
            params = behind_points(
                asked.service, asked.operation, asked.params, asked.region, self._sources
            )
            call = ApiCall(
                caller=_passed_on(asked.caller, way),
                account=verdict.account,
                region=asked.region,
                service=asked.service,
                operation=asked.operation,
                params=params,
                request_id=asked.request_id,
                once=asked.once,
                endpoint=asked.endpoint,
            )
            storing.check(call, self._sources)
            done = self._perform_parts(call, asked, verdict.refused)
            if changes_state(asked.operation) and (done.answer is None or done.answer.status < 300):
                result = done.dictionary()
                self._watchers.tell(Completed(call, result))
        except Refused as refused:
            verdict = refused.verdict if isinstance(refused, Denied) else verdict
            error = refusal(refused.kind, asked.service, protocol(asked.service), refused.message)
            raise error from refused
        except ApiError as raised:
            error = raised
            raise
        finally:
            self._trail.append(entries.of_call(asked, event_id, way, verdict, done, error, result))
        return done

    def region_of(self, service: str, params: Mapping[str, Any]) -> str:
        """Return the region of a call that names none, as the old presigned URLs: its bucket's,
        whose endpoint alone serves it; else that of AWS's global endpoints."""
        bucket = params.get("Bucket") if service == "s3" else None
        found = self._sources.bucket_region(bucket) if isinstance(bucket, str) else None
        return found or GLOBAL

    def turned_away(self, request: TurnedAway, error: ApiError) -> None:
        """Record a request that gets no further: its caller was not believed."""
        event_id = f"e-{secrets.token_hex(6)}"
        self._trail.append(entries.of_turned_away(request, event_id, error))

    def _perform_parts(self, call: ApiCall, asked: Asked, refused: Mapping[str, str]) -> Done:
        if not refused:
            return self.perform(call, asked)
        params = allowed_parts(call.params, refused)
        result: Mapping[str, Any] = {}
        if params is not None:
            result = self.perform(replace(call, params=params), asked).dictionary()
        return Done(asked, None, joined(call.params, refused, result))

    def _decide(self, asked: Asked, way: Way, event_id: str) -> Verdict:
        access = Access(
            caller=asked.caller,
            service=asked.service,
            operation=asked.operation,
            params=asked.params,
            region=asked.region,
            account=asked.account,
            way=way,
            user_agent=asked.user_agent,
            context=asked.context,
        )
        return self._decider.decide(access, event_id)

    def access(
        self,
        caller: Caller,
        needed: Authorization,
        region: str,
        context: Mapping[str, str | tuple[str, ...]],
    ) -> None:
        """Decide one data-plane access and record it; raises ApiError AccessDenied."""
        event_id = f"e-{secrets.token_hex(6)}"
        verdict: Verdict | None = None
        error: ApiError | None = None
        try:
            verdict = self._decider.data_plane(caller, needed, region, context, event_id)
        except Denied as denied:
            verdict = denied.verdict
            error = (
                ApiError("AccessDenied", denied.message, 403)
                if denied.kind is Refusal.DENIED
                else refusal(denied.kind, "s3", "rest-xml", denied.message)
            )
            raise error from denied
        finally:
            self._trail.append(entries.of_access(caller, needed, region, event_id, verdict, error))

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
        """Perform an authorized call in the store; raises ApiError where the store falls over what
        it was given, which it looks at less closely than AWS does."""
        try:
            return self._store.perform(
                call.account,
                call.region,
                call.service,
                call.operation,
                call.params,
                call.caller.access_key_id or _NO_KEY,
                call.once,
            )
        except _FALLS as error:
            _log.exception("the store fell over %s:%s", call.service, call.operation)
            code = "InvalidRequest" if call.service == "s3" else "ValidationException"
            raise ApiError(
                code,
                f"The local AWS cannot perform {call.service}:{call.operation} with these "
                "parameters; its log has the details.",
            ) from error


def _passed_on(caller: Caller, way: Way) -> Caller:
    """The caller as a service sees it: a place in a network is not carried on."""
    if caller.origin is None or not caller.origin.vpc:
        return caller
    return replace(caller, origin=way.seen_from)
