"""From (operation, parameters) to the HTTP request that moto reads, and back from its answer.

The request is written by botocore's serializer, as a client of AWS would write it, for the host
of the service and region; the answer is read by botocore's parser.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from botocore.awsrequest import HeadersDict
from botocore.parsers import ResponseParser, create_parser
from botocore.serialize import Serializer, create_serializer
from moto.core.request import Request

from landrail.localaws.api import ApiError
from landrail.localaws.store.incoming import Answer
from landrail.localaws.store.models import operation_model, protocol
from landrail.localaws.store.requests import request

# Hosts that moto's handlers look into to find their region.
_HOSTS = {"s3control": "{account}.s3-control.{region}.amazonaws.com"}


def write(
    account: str,
    region: str,
    service: str,
    operation: str,
    params: Mapping[str, Any],
    access_key_id: str,
) -> Request:
    """Return the request for moto; raises ApiError where a parameter does not fit its shape."""
    model = operation_model(service, operation)
    try:
        written = _serializer(protocol(service)).serialize_to_request(dict(params), model)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ApiError("ValidationException", f"{operation}: parameter {error}") from error
    query = written.get("query_string") or {}
    body = written["body"]
    headers = {str(k): str(v) for k, v in written["headers"].items()}
    if isinstance(body, dict):
        body = urlencode(body, doseq=True).encode()
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8"
    template = _HOSTS.get(service, "{service}.{region}.amazonaws.com")
    host = template.format(account=account, region=region, service=_host_name(service))
    url = f"https://{host}{written['url_path']}"
    if query:
        url += ("&" if "?" in url else "?") + urlencode(query, doseq=True)
    headers |= {
        "Host": host,
        "x-moto-account-id": account,
        "Authorization": f"AWS4-HMAC-SHA256 Credential={access_key_id}/20200101/{region}/"
        f"{service}/aws4_request, SignedHeaders=host, Signature=0",
    }
    made = request(written["method"], url, headers, _bytes(body))
    if service == "s3":
        # Read before moto asks: it would take an object that is called a form for one, and keep
        # nothing of it.
        made.get_data()
    return made


def _host_name(service: str) -> str:
    return {"sagemaker": "api.sagemaker", "cloudwatch": "monitoring"}.get(service, service)


def _bytes(body: Any) -> bytes:
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body)


def read(service: str, operation: str, answer: Answer) -> dict[str, Any]:
    """Return a successful answer as a dictionary; raises ApiError for an error answer. A streamed
    body comes as a file, as in boto3."""
    model = operation_model(service, operation)
    headers = HeadersDict(dict(answer.headers))
    streamed = model.has_streaming_output and answer.status < 300
    body = io.BytesIO(answer.body) if streamed else answer.body
    parsed = _parser(protocol(service)).parse(
        {"headers": headers, "status_code": answer.status, "body": body}, model.output_shape
    )
    if answer.status >= 300:
        error = parsed.get("Error", {})
        raise ApiError(
            str(error.get("Code") or answer.status), str(error.get("Message", "")), answer.status
        )
    parsed.pop("ResponseMetadata", None)
    if (service, operation) == ("s3", "GetBucketLocation"):
        parsed |= _location(answer.body)
    return dict(parsed)


def _location(body: bytes) -> dict[str, str]:
    """The text of the root element, which botocore's model cannot say and a client's handler
    reads; absent for us-east-1."""
    match = re.search(rb"<LocationConstraint[^>]*>([a-z0-9-]+)</LocationConstraint>", body)
    return {"LocationConstraint": match[1].decode()} if match else {}


@lru_cache
def _serializer(protocol_name: str) -> Serializer:
    return create_serializer(protocol_name, include_validation=False)


@lru_cache
def _parser(protocol_name: str) -> ResponseParser:
    return create_parser(protocol_name)
