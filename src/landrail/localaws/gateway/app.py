"""The WSGI application: AWS's protocols to the gate, and the doors of our own services."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterable
from typing import Any

from werkzeug.wrappers import Request, Response

from landrail.localaws.api import ApiError
from landrail.localaws.gateway import hosts, legacy, signature
from landrail.localaws.gateway.asked import Asked
from landrail.localaws.gateway.authenticate import (
    ANONYMOUS,
    Authentic,
    Refused,
    authenticate,
    authenticate_old,
)
from landrail.localaws.gateway.faults import Refusal, refusal
from landrail.localaws.gateway.gate import Gate
from landrail.localaws.gateway.http import Environ
from landrail.localaws.gateway.registry import Registry
from landrail.localaws.gateway.signature import Malformed, Signed
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
        try:
            if door is not None:
                return door(Request(environ))(environ, start_response)
            response = self._aws(environ)
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
            signed = signature.find(incoming)
        except Malformed as error:
            raise refusal(Refusal.INCOMPLETE, "sts", "query", str(error)) from error
        if signed is None and "x-amz-target" in incoming.headers:
            # Nothing that is called by a target may be called without a signature.
            said = refusal(Refusal.MISSING, "sts", "json")
            answer = serialize_error("organizations", "json", said, request_id)
            return Response(answer.body, answer.status, dict(answer.headers))
        name = signed.service if signed else (host.service or _unsigned_service(incoming))
        region = (signed.region if signed else host.region) or "us-east-1"
        routed = route(name, hosts.path_style(incoming, host))
        try:
            answer = self._call(routed, incoming, host, signed, region, environ, request_id)
        except Malformed as error:
            said = refusal(Refusal.INCOMPLETE, routed.service, routed.protocol, str(error))
            answer = serialize_error(routed.service, routed.protocol, said, request_id)
        except Refused as refused:
            said = refusal(refused.kind, routed.service, routed.protocol, refused.message)
            answer = serialize_error(routed.service, routed.protocol, said, request_id)
        except ApiError as error:
            answer = serialize_error(routed.service, routed.protocol, error, request_id)
        except Exception:  # noqa: BLE001  (as above, in the words of the protocol)
            _log.exception("%s:%s failed", routed.service, routed.operation)
            internal = ApiError("InternalFailure", "Internal failure; see the server's log.", 500)
            answer = serialize_error(routed.service, routed.protocol, internal, request_id)
        return _response(routed, answer, request_id, environ["REQUEST_METHOD"])

    def _call(
        self,
        routed: Routed,
        incoming: Incoming,
        host: hosts.Host,
        signed: Signed | None,
        region: str,
        environ: Environ,
        request_id: str,
    ) -> Answer:
        if signed is not None:
            found = authenticate(incoming, signed, self._credentials, time.time)
            if found.incoming is not incoming:
                routed = route(signed.service, hosts.path_style(found.incoming, host))
        elif routed.service == "s3" and (old := legacy.find(incoming)) is not None:
            plain = hosts.path_style(incoming, host)
            found = authenticate_old(plain, old, self._credentials, time.time)
        elif routed.service == "s3" or (routed.service, routed.operation) in _UNSIGNED:
            found = Authentic(ANONYMOUS, incoming)
        else:
            raise Refused(Refusal.MISSING)
        done = self._gate.enter(
            Asked(
                caller=found.caller,
                service=routed.service,
                operation=routed.operation,
                params=parse(routed, found.incoming.body),
                region=region,
                source_ip=environ.get("REMOTE_ADDR"),
                user_agent=incoming.headers.get("user-agent", ""),
                request_id=request_id,
            )
        )
        if done.answer is not None and routed.protocol == protocol(routed.service):
            return done.answer
        return serialize(
            routed.service, routed.operation, routed.protocol, done.dictionary(), request_id
        )


def _speaks_aws(environ: Environ) -> bool:
    return (
        environ.get("HTTP_AUTHORIZATION", "").startswith(("AWS4-", "AWS "))
        or "X-Amz-Algorithm=" in environ["QUERY_STRING"]
    )


def _incoming(environ: Environ) -> Incoming:
    headers: dict[str, str] = {}
    for name, value in environ["landrail.headers"]:
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


def _response(routed: Routed, answer: Answer, request_id: str, method: str) -> Response:
    response = Response(status=answer.status)
    response.headers.clear()
    for name, value in answer.headers.items():
        response.headers[name] = value
    response.headers["x-amzn-RequestId"] = request_id
    if routed.service == "s3":
        response.headers["x-amz-request-id"] = request_id
    if method != "HEAD":
        response.data = answer.body
        if answer.status == 204:
            del response.headers["Content-Length"]
    elif "content-length" not in response.headers:
        response.headers["Content-Length"] = "0"
    return response
