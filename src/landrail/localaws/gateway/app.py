"""The WSGI application: AWS's protocols to the gate, and the doors of our own services."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from werkzeug.wrappers import Request, Response

from landrail.localaws.api import ApiError, Origin
from landrail.localaws.gateway.asked import Asked, TurnedAway
from landrail.localaws.gateway.callers import claims, legacy, signature
from landrail.localaws.gateway.callers.authenticate import (
    ANONYMOUS,
    Authentic,
    Refused,
    authenticate,
    authenticate_old,
)
from landrail.localaws.gateway.callers.s3_signed import signing_keys
from landrail.localaws.gateway.callers.signature import Malformed, Signed
from landrail.localaws.gateway.faults import Refusal, refusal
from landrail.localaws.gateway.gate import GLOBAL, Gate
from landrail.localaws.gateway.registry import Registry
from landrail.localaws.gateway.unrouted import cbor_refusal, in_cbor, spoken, unknown_operation
from landrail.localaws.gateway.wire import hosts
from landrail.localaws.gateway.wire.encoded import inflated
from landrail.localaws.gateway.wire.head import BadHead
from landrail.localaws.gateway.wire.http import Environ
from landrail.localaws.store import (
    Answer,
    CredentialStore,
    Incoming,
    Routed,
    parse,
    protocol,
    route,
    serialize,
    serialize_error,
)

_log = logging.getLogger(__name__)
_LONGEST_KEY = 128
_STRANGER = (
    "This address of the local AWS belongs to another process: it stands for a place in that "
    "process's network. Use your own endpoint."
)
# Operations that AWS lets anybody call without a signature; they carry their own proof.
_UNSIGNED = frozenset({("sts", "AssumeRoleWithWebIdentity"), ("sts", "AssumeRoleWithSAML")})


class App:
    """The application of one local AWS."""

    def __init__(self, gate: Gate, registry: Registry, credentials: CredentialStore) -> None:
        self._gate = gate
        self._registry = registry
        self._credentials = credentials

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        door = None if _speaks_aws(environ) else self._registry.door(environ["PATH_INFO"])
        # From the connection alone: what a header says of addresses is never read.
        environ.setdefault("landrail.origin", Origin(environ["REMOTE_ADDR"]))
        try:
            if door is not None:
                if "landrail.stranger" in environ:
                    raise ApiError("AccessDenied", _STRANGER, 403)
                return door(Request(environ))(environ, start_response)
            response = self._aws(environ)
        except BadHead:
            raise
        except ApiError as error:
            response = Response(f"{error}\n", error.status, content_type="text/plain")
        except Exception:  # noqa: BLE001  (the gateway's one broad handler: a bug must not hang a client)
            _log.exception("%s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            response = Response(
                "Internal failure of the local AWS; its log has the details.\n", 500
            )
        return response(environ, start_response)

    def _aws(self, environ: Environ) -> Response:
        request_id = str(uuid.uuid4())
        incoming = _incoming(environ)
        host = hosts.understand(incoming.host)
        try:
            signed = claims.find(incoming)
            if signed is not None:
                incoming = signature.with_signed_path(signed, incoming)
            routed = self._routed(incoming, host, signed)
        except (Malformed, ApiError, Refused) as error:
            # Before an operation is found, the words are those of the protocol it looks like.
            named = error.service if isinstance(error, Malformed) else None
            service, protocol_name = spoken(incoming, host, named)
            said = unknown_operation(_said(error, service, protocol_name), protocol_name)
            if in_cbor(incoming):
                answer = cbor_refusal(said)
            else:
                answer = serialize_error(service, protocol_name, said, request_id)
            return _answered(service, answer, request_id, environ["REQUEST_METHOD"])
        region = signed.region if signed else host.region
        try:
            answer = self._call(routed, incoming, host, signed, region, environ, request_id)
        except (Malformed, Refused, ApiError) as error:
            said = _said(error, routed.service, routed.protocol)
            if isinstance(error, Refused):
                # What passes the gate is recorded there; this did not get so far.
                self._gate.turned_away(_stranger(routed, signed, incoming, region, environ), said)
            answer = serialize_error(routed.service, routed.protocol, said, request_id)
        except Exception:  # noqa: BLE001  (as above, in the words of the protocol)
            _log.exception("%s:%s failed", routed.service, routed.operation)
            internal = ApiError("InternalFailure", "Internal failure; see the server's log.", 500)
            answer = serialize_error(routed.service, routed.protocol, internal, request_id)
        return _answered(routed.service, answer, request_id, environ["REQUEST_METHOD"])

    def _routed(self, incoming: Incoming, host: hosts.Host, signed: Signed | None) -> Routed:
        if signed is None and "x-amz-target" in incoming.headers:
            # Nothing that is called by a target may be called without a signature.
            raise Refused(Refusal.MISSING)
        if signed is not None and host.region not in (None, signed.region):
            raise _elsewhere(signed, str(host.region))
        name = signed.service if signed else (host.service or _unsigned_service(incoming))
        return route(name, hosts.path_style(inflated(incoming, name), host))

    def _call(
        self,
        routed: Routed,
        incoming: Incoming,
        host: hosts.Host,
        signed: Signed | None,
        region: str | None,
        environ: Environ,
        request_id: str,
    ) -> Answer:
        if "landrail.stranger" in environ:
            raise Refused(Refusal.DENIED, _STRANGER)
        old = None
        if signed is not None:
            found = authenticate(incoming, signed, self._credentials, time.time)
            if found.incoming is not incoming:
                routed = route(signed.service, hosts.path_style(found.incoming, host))
        elif routed.service == "s3" and (old := legacy.find(incoming)) is not None:
            plain = hosts.path_style(incoming, host)
            found = authenticate_old(plain, old, self._credentials, time.time)
        elif (routed.service, routed.operation) == ("s3", "DeleteObjects"):
            raise Refused(Refusal.DENIED, "Anonymous access is forbidden for this operation")
        elif routed.service == "s3" or (routed.service, routed.operation) in _UNSIGNED:
            found = Authentic(ANONYMOUS, incoming)
        else:
            raise Refused(Refusal.MISSING)
        only = environ.get("landrail.role")
        if only is not None and found.caller.role_arn != only:
            raise Refused(Refusal.DENIED, _STRANGER)
        keys = signing_keys(signed, old, incoming, time.time()) if routed.service == "s3" else {}
        params = parse(routed, inflated(found.incoming, signed.service if signed else "").body)
        done = self._gate.enter(
            Asked(
                caller=replace(found.caller, origin=environ["landrail.origin"]),
                service=routed.service,
                operation=routed.operation,
                params=params,
                region=region or self._gate.region_of(routed.service, params),
                user_agent=incoming.headers.get("user-agent", ""),
                request_id=request_id,
                context=keys,
                endpoint=environ.get("landrail.endpoint", ""),
                vpce=host.vpce,
            )
        )
        if done.answer is not None and routed.protocol == protocol(routed.service):
            return done.answer
        return serialize(
            routed.service, routed.operation, routed.protocol, done.dictionary(), request_id
        )


def _stranger(
    routed: Routed,
    signed: Signed | None,
    incoming: Incoming,
    region: str | None,
    environ: Environ,
) -> TurnedAway:
    return TurnedAway(
        service=routed.service,
        operation=routed.operation,
        region=region or GLOBAL,
        access_key_id=signed.access_key_id[:_LONGEST_KEY] if signed is not None else None,
        address=environ["landrail.origin"].address,
        user_agent=incoming.headers.get("user-agent", ""),
    )


def _speaks_aws(environ: Environ) -> bool:
    return (
        environ.get("HTTP_AUTHORIZATION", "").startswith(("AWS4-", "AWS "))
        or "X-Amz-Algorithm=" in environ["QUERY_STRING"]
    )


def _elsewhere(signed: Signed, region: str) -> Refused:
    """The host is AWS's name of a region, and the signature is for another one."""
    if signed.service == "s3":
        words = f"the region '{signed.region}' is wrong; expecting '{region}'"
        return Refused(Refusal.INCOMPLETE, f"The authorization header is malformed; {words}")
    return Refused(
        Refusal.SIGNATURE, f"Credential should be scoped to a valid region, not '{signed.region}'."
    )


def _said(error: Malformed | Refused | ApiError, service: str, protocol_name: str) -> ApiError:
    if isinstance(error, ApiError):
        return error
    message = error.message if isinstance(error, Refused) else str(error)
    return refusal(error.kind, service, protocol_name, message)


def _incoming(environ: Environ) -> Incoming:
    headers: dict[str, str] = {}
    for name, value in environ["landrail.headers"]:
        if "_" in name and not name.startswith("x-amz-meta-"):
            # Some readers take `x_amz_acl` for `x-amz-acl`, which would then not have been signed.
            continue
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    path, _, query = environ["RAW_URI"].partition("?")
    return Incoming(
        method=environ["REQUEST_METHOD"],
        host=environ["HTTP_HOST"],
        path=path,
        query=query,
        headers=headers,
        body=environ["wsgi.input"].read(),
    )


def _unsigned_service(incoming: Incoming) -> str:
    """An unsigned request names no service: STS has a form, all others are taken for S3."""
    form = incoming.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    return "sts" if form and incoming.path == "/" else "s3"


def _answered(service: str, answer: Answer, request_id: str, method: str) -> Response:
    response = Response(status=answer.status)
    response.headers.clear()
    for name, value in answer.headers.items():
        response.headers[name] = value
    response.headers["x-amzn-RequestId"] = request_id
    if service == "s3":
        response.headers["x-amz-request-id"] = request_id
    if method != "HEAD":
        response.data = answer.body
        if answer.status == 204:
            del response.headers["Content-Length"]
    elif "content-length" not in response.headers:
        response.headers["Content-Length"] = "0"
    return response
