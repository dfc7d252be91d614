"""In which service's words, and in which protocol, to answer a request that leads to no operation.

Only ever used for refusals: what is guessed here is how an error is written, never what is asked.
"""

from __future__ import annotations

import re

from landrail.localaws.api import ApiError
from landrail.localaws.gateway.wire.hosts import Host
from landrail.localaws.store import Answer, Incoming, candidates, protocol

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


def in_cbor(incoming: Incoming) -> bool:
    """Say whether a client speaks AWS's binary protocol, which is not read here."""
    return incoming.headers.get("smithy-protocol", "").lower() == "rpc-v2-cbor"


def cbor_refusal(error: ApiError) -> Answer:
    """Return an error in that protocol; one that was not to be found for it says why."""
    message = error.message
    if error.code == "UnknownOperationException":
        message = (
            "The local AWS does not read the protocol rpc-v2-cbor. Use the service's JSON or query "
            "protocol, as boto3 and aws-cli do."
        )
    body = b"\xa2" + b"".join(map(_text, ("__type", error.code, "message", message)))
    headers = {"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"}
    return Answer(error.status, headers, body)


def _text(text: str) -> bytes:
    """A text string of CBOR (RFC 8949, section 3.1), with its length in two bytes."""
    raw = text.encode()[:0xFFFF]
    return b"\x79" + len(raw).to_bytes(2, "big") + raw


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
