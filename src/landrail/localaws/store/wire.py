"""From HTTP to (operation, parameters): the five AWS protocols, by moto's router and parsers.

What this module returns is what gets authorized *and* what gets performed: the store rebuilds its
request from these parameters, so that nothing in the original that was not understood here can
have an effect.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.utils import parse_timestamp
from moto.core.parse import PROTOCOL_PARSERS, RequestParserError
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

from landrail.localaws.api import ApiError
from landrail.localaws.store import requests
from landrail.localaws.store.incoming import Incoming
from landrail.localaws.store.mends import conform
from landrail.localaws.store.models import candidates, service_model


@dataclass(frozen=True, slots=True)
class Routed:
    """Which operation a request asks for; `protocol` is the one the client speaks."""

    service: str
    operation: str
    protocol: str
    request: Request
    labels: Mapping[str, Any]


def route(signing_name: str, incoming: Incoming) -> Routed:
    """Find the operation; raises ApiError where AWS, or this local AWS, has no such operation."""
    services = candidates(signing_name)
    if not services:
        raise ApiError(
            "UnknownOperationException",
            f"The local AWS does not know the service that signs as `{signing_name}`.",
            404,
        )
    request = _request(_targeted(services, incoming), "s3" in services)
    for service in _ordered(services, incoming):
        model = service_model(service)
        try:
            spoken = determine_request_protocol(model, request.content_type)
            operation, labels = get_service_router(service).match(request)
        except (HTTPException, NotImplementedError):
            continue
        return Routed(service, str(operation.name), spoken, request, labels)
    raise ApiError(
        "UnknownOperationException",
        f"The local AWS cannot tell which operation of {' or '.join(services)} this request means.",
        404,
    )


def _ordered(services: tuple[str, ...], incoming: Incoming) -> tuple[str, ...]:
    if services == ("s3", "s3control"):
        control = ".s3-control." in f".{incoming.host}" or "x-amz-account-id" in incoming.headers
        return ("s3control",) if control and incoming.path.startswith("/v20180820/") else ("s3",)
    return services


def _targeted(services: tuple[str, ...], incoming: Incoming) -> Incoming:
    """Spell out a target: where botocore names the service by a path (`com.amazonaws. ...`), AWS
    takes the last name alone too, and other SDKs send that."""
    target = incoming.headers.get("x-amz-target", "")
    for service in services if target else ():
        prefix = str(service_model(service).metadata.get("targetPrefix", ""))
        name, _, operation = target.rpartition(".")
        if name and prefix.endswith(f".{name}"):
            headers = {**incoming.headers, "x-amz-target": f"{prefix}.{operation}"}
            return replace(incoming, headers=headers)
    return incoming


_BUCKET_WITH_SLASH = re.compile(r"/[^/]+/")


def _request(incoming: Incoming, s3: bool) -> Request:
    path = incoming.path
    if s3 and _BUCKET_WITH_SLASH.fullmatch(path):
        # `/BUCKET/` is the bucket: no key is empty.
        path = path[:-1]
    url = f"https://{incoming.host}{path}"
    if incoming.query:
        url += f"?{incoming.query}"
    return requests.request(incoming.method, url, incoming.headers, incoming.body)


def parse(routed: Routed, body: bytes) -> dict[str, Any]:
    """Return the operation's parameters in botocore's names; raises ApiError for what cannot be
    read."""
    operation = service_model(routed.service).operation_model(routed.operation)
    if routed.protocol in ("json", "rest-json"):
        _must_be_json(operation.input_shape, body)
    elif routed.protocol == "rest-xml" and body:
        _must_be_plain_xml(operation.input_shape, body)
    parser = PROTOCOL_PARSERS[routed.protocol](operation, timestamp_parser=_timestamp)
    request = routed.request
    try:
        parsed = parser.parse(
            {
                "method": request.method,
                "values": request.values,
                "headers": request.headers,
                "body": body,
                "url_path": request.path,
                "url_params": dict(routed.labels),
            }
        )
        params = _cleaned(parsed)
        if operation.input_shape is not None:
            conform.check(operation.input_shape, params)
        if routed.protocol in _XML and not conform.fits_xml(params):
            code = "InvalidArgument" if routed.protocol == "rest-xml" else "MalformedInput"
            raise ApiError(code, "The request holds characters that XML 1.0 has no way to write.")
    except conform.Misfit as misfit:
        raise _misfit(misfit, routed.protocol) from misfit
    except _UNREADABLE as error:
        raise ApiError(*_WORDS[routed.protocol], 400) from error
    return params


_XML = ("rest-xml", "query", "ec2")
# What moto's parsers let through of a request that is not what it should be.
_UNREADABLE = (
    RequestParserError,
    ValueError,
    TypeError,
    AttributeError,
    LookupError,
    ArithmeticError,
    RecursionError,
)
_NOT_JSON = ("SerializationException", "The body of the request cannot be read as JSON.")
_NOT_A_FORM = ("MalformedInput", "The request cannot be read as a form of this operation.")
_WORDS = {
    "json": _NOT_JSON,
    "rest-json": _NOT_JSON,
    "query": _NOT_A_FORM,
    "ec2": _NOT_A_FORM,
    "rest-xml": (
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    ),
}


def _misfit(misfit: conform.Misfit, protocol: str) -> ApiError:
    """Each protocol's word for a member that is missing, and for one of another type."""
    if not misfit.missing:
        code = _WORDS[protocol][0]
        return ApiError(code, str(misfit), 400)
    if protocol == "ec2":
        words = f"The request must contain the parameter {misfit.where}"
        return ApiError("MissingParameter", words, 400)
    if protocol == "rest-xml":
        return ApiError(*_WORDS[protocol], 400)
    code = "ValidationError" if protocol == "query" else "ValidationException"
    where = misfit.where[:1].lower() + misfit.where[1:]
    message = (
        f"1 validation error detected: Value null at '{where}' failed to satisfy constraint: "
        "Member must not be null"
    )
    return ApiError(code, message, 400)


def _must_be_json(shape: Any, body: bytes) -> None:
    """moto's parser takes a broken body for an empty one."""
    if not body or shape is None or _payload_is_raw(shape):
        return
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ApiError(*_NOT_JSON) from error
    if not isinstance(document, dict) and "payload" not in shape.serialization:
        raise ApiError("SerializationException", "The body is not a JSON object.")


def _must_be_plain_xml(shape: Any, body: bytes) -> None:
    """Entities and document types are not read at all: AWS has no use for them."""
    if shape is None or _payload_is_raw(shape):
        return
    if b"<!" in body.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or b"\x00" in body:
        raise ApiError(*_WORDS["rest-xml"])


def _payload_is_raw(shape: Any) -> bool:
    payload = shape.serialization.get("payload")
    return payload is not None and shape.members[payload].type_name in ("blob", "string")


def _cleaned(parsed: Mapping[str, Any]) -> dict[str, Any]:
    """Drop the members that were not sent, and give metadata the lower case that AWS gives it."""
    result = {key: value for key, value in parsed.items() if value is not None}
    metadata = result.get("Metadata")
    if isinstance(metadata, dict) and all(isinstance(k, str) for k in metadata):
        result["Metadata"] = {k.lower(): v for k, v in metadata.items()}
        if not metadata:
            del result["Metadata"]
    return result


def _timestamp(value: Any) -> datetime:
    moment: datetime = parse_timestamp(value)
    return moment
