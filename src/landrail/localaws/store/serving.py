"""From results and errors to HTTP, in the protocol that the client speaks.

Results go through moto's serializers (by the service's model); errors through small writers of
our own, because the code, message and status must be exactly what was raised.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from moto.core.serialize import SerializationContext, get_serializer_class

from landrail.localaws.api import ApiError
from landrail.localaws.store.incoming import Answer
from landrail.localaws.store.mends.conform import NOT_XML
from landrail.localaws.store.models import operation_model, service_model


def serialize(
    service: str, operation: str, protocol: str, result: Mapping[str, Any], request_id: str
) -> Answer:
    """Write a result, a dictionary in botocore's names, as the answer to an operation."""
    model = operation_model(service, operation)
    serializer = get_serializer_class(service, protocol)(
        operation_model=model, context=SerializationContext(request_id)
    )
    written = serializer.serialize(_readable(model.output_shape, result))
    body = written["body"]
    status = int(written["status_code"])
    headers = {str(k): str(v) for k, v in written["headers"].items()}
    headers |= _content_type(model.output_shape, result)
    return Answer(status, headers, body.encode() if isinstance(body, str) else bytes(body or b""))


def _content_type(shape: Any, result: Mapping[str, Any]) -> dict[str, str]:
    """moto's serializers write their own content type over the one that the operation answers."""
    for name, member in shape.members.items() if shape is not None else ():
        if member.serialization.get("name", "").lower() == "content-type" and result.get(name):
            return {"Content-Type": str(result[name])}
    return {}


def _readable(shape: Any, result: Mapping[str, Any]) -> Mapping[str, Any]:
    payload = shape.serialization.get("payload") if shape is not None else None
    if payload is not None and hasattr(result.get(payload), "read"):
        return {**result, payload: result[payload].read()}
    return result


def serialize_error(service: str, protocol: str, error: ApiError, request_id: str) -> Answer:
    """Write an error answer with its own code, message and status."""
    if protocol in ("json", "rest-json"):
        return _json_error(service, protocol, error)
    writer = _S3_ERROR if service == "s3" else _EC2_ERROR if protocol == "ec2" else _QUERY_ERROR
    fault = "Receiver" if error.status >= 500 else "Sender"
    body = writer.format(
        code=escape(error.code),
        message=escape(NOT_XML.sub("\ufffd", error.message)),
        fault=fault,
        request_id=escape(request_id),
    )
    return Answer(error.status, {"Content-Type": "text/xml"}, body.encode())


_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_QUERY_ERROR = (
    "<ErrorResponse><Error><Type>{fault}</Type><Code>{code}</Code><Message>{message}</Message>"
    "</Error><RequestId>{request_id}</RequestId></ErrorResponse>"
)
_EC2_ERROR = _XML + (
    "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
    "<RequestID>{request_id}</RequestID></Response>"
)
_S3_ERROR = _XML + (
    "<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{request_id}</RequestId>"
    "<HostId>landrail</HostId></Error>"
)


def _json_error(service: str, protocol: str, error: ApiError) -> Answer:
    metadata = service_model(service).metadata
    version = metadata.get("jsonVersion", "1.0")
    content = f"application/x-amz-json-{version}" if protocol == "json" else "application/json"
    headers = {"Content-Type": content, "X-Amzn-Errortype": error.code}
    if "awsQueryCompatible" in metadata:
        fault = "Receiver" if error.status >= 500 else "Sender"
        headers["x-amzn-query-error"] = f"{error.code};{fault}"
    told = {"__type": error.code, "message": error.message, "Message": error.message}
    body = {**error.details, **told}
    return Answer(error.status, headers, json.dumps(body).encode())
