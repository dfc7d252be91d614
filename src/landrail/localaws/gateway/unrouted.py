"""In which service's words, and in which protocol, to answer a request that leads to no operation.

Only ever used for refusals: what is guessed here is how an error is written, never what is asked.
"""

from __future__ import annotations

import re

from landrail.localaws.api import ApiError
from landrail.localaws.gateway.hosts import Host
from landrail.localaws.store import Incoming, candidates, protocol

_CREDENTIAL = re.compile(
    r"Credential=[^/,\s]+(?:/|%2F)[^/,&\s]+?(?:/|%2F)[a-z0-9-]+(?:/|%2F)([a-z0-9-]+)"
)
_FORM = "application/x-www-form-urlencoded"
_S3 = ("s3", "rest-xml")


def spoken(incoming: Incoming, host: Host, named: str | None) -> tuple[str, str]:
    """Return botocore's name of a service and a protocol; `named` is the signing name where the
    signature was read far enough to have one."""
    service = _service(incoming, host, named)
    content = incoming.headers.get("content-type", "")
    if "x-amz-target" in incoming.headers:
        return (service if service and protocol(service) == "json" else "organizations"), "json"
    if content.startswith(_FORM) and incoming.path == "/" and service not in ("s3", "s3control"):
        if service is None:
            return "sts", "query"
        return service, "ec2" if protocol(service) == "ec2" else "query"
    if content.startswith("application/x-amz-json"):
        return (service if service and protocol(service) == "json" else "organizations"), "json"
    return (service, protocol(service)) if service else _S3


def unknown_operation(error: ApiError, protocol_name: str) -> ApiError:
    """Return the error for an operation that is not there as this protocol has it."""
    if error.code != "UnknownOperationException":
        return error
    if protocol_name in ("query", "ec2"):
        return ApiError("InvalidAction", error.message, 400)
    if protocol_name == "rest-xml":
        return ApiError("MethodNotAllowed", error.message, 405)
    return ApiError(error.code, error.message, 400 if protocol_name == "json" else 404)


def _service(incoming: Incoming, host: Host, named: str | None) -> str | None:
    if named is None:
        text = incoming.headers.get("authorization", "") + incoming.query
        match = _CREDENTIAL.search(text)
        named = match[1] if match else host.service
    found = candidates(named) if named else ()
    return found[0] if found else None
