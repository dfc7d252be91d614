"""`InvokeEndpoint`: chooses a variant and one of its processes, and hands the request on.

It starts nothing: which processes there are the SageMaker service writes into the tables
`sagemaker.endpoint` and `sagemaker.fleet`, and they are all that the two services share.
"""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.runtimes.serving import Reply, Unreachable, ask
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

_SECONDS = 60.0
_LARGEST = 25 * 1024 * 1024
_UNSUPPORTED = (
    *("TargetModel", "TargetContainerHostname", "InferenceComponentName", "SessionId"),
    "EnableExplanations",
)


class SageMakerRuntime(Answering):
    """Invocations."""

    name = "sagemaker-runtime"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs) -> None:
        """Read the records that the SageMaker service keeps in `tables`."""
        del platform, blobs
        self._endpoints = tables.table("sagemaker.endpoint")
        self._fleets = tables.table("sagemaker.fleet")
        self.operations: Mapping[str, Operation] = {"InvokeEndpoint": self._invoke}

    def _invoke(self, call: ApiCall) -> Mapping[str, Any]:
        for name in _UNSUPPORTED:
            if name in call.params:
                raise _invalid(f"The local AWS does not support {name} of InvokeEndpoint.")
        body = _bytes(call.params.get("Body"))
        if len(body) > _LARGEST:
            raise _invalid(f"The body has {len(body)} bytes; at most {_LARGEST} are allowed.")
        variant = self._variant(call)
        place = random.choice(variant["places"])
        try:
            reply = ask(place, "POST", "/invocations", _headers(call), body, _SECONDS)
        except Unreachable as error:
            raise _model_error(call, 500, f"Your invocation timed out or failed: {error}") from None
        if reply.status != 200:
            raise _model_error(call, reply.status, reply.body.decode("utf-8", "replace"))
        return _result(reply, variant["name"])

    def _variant(self, call: ApiCall) -> dict[str, Any]:
        name = call.params["EndpointName"]
        endpoint = self._endpoints.get(call.account, call.region, name)
        if endpoint is None:
            raise _invalid(f"Endpoint {name} of account {call.account} not found.")
        fleet = self._fleets.get(call.account, call.region, name)
        variants: list[dict[str, Any]] = list((fleet or {}).get("variants", ()))
        if not variants:
            raise _invalid(
                f"Endpoint {name} of account {call.account} is not InService: it is "
                f"{endpoint['EndpointStatus']}."
            )
        target = call.params.get("TargetVariant")
        if target is None:
            return random.choices(variants, [max(v["weight"], 1e-9) for v in variants])[0]
        for variant in variants:
            if variant["name"] == target:
                return variant
        raise _invalid(f"Could not find variant {target} of endpoint {name}.")


def _headers(call: ApiCall) -> dict[str, str]:
    params = call.params
    headers = {
        "Content-Type": params.get("ContentType", "application/octet-stream"),
        "Accept": params.get("Accept", "application/json; verbose=True"),
    }
    if "CustomAttributes" in params:
        headers["X-Amzn-SageMaker-Custom-Attributes"] = params["CustomAttributes"]
    if "InferenceId" in params:
        headers["X-Amzn-SageMaker-Inference-Id"] = params["InferenceId"]
    return headers


def _result(reply: Reply, variant: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "Body": reply.body,
        "ContentType": reply.headers.get("content-type", "application/octet-stream"),
        "InvokedProductionVariant": variant,
    }
    attributes = reply.headers.get("x-amzn-sagemaker-custom-attributes")
    return result | ({"CustomAttributes": attributes} if attributes else {})


def _model_error(call: ApiCall, status: int, text: str) -> ApiError:
    account, name = call.account, call.params["EndpointName"]
    return ApiError(
        "ModelError",
        f"Received {'client' if status < 500 else 'server'} error ({status}) from primary with "
        f'message "{text[:1000]}". See https://{call.region}.console.aws.amazon.com/cloudwatch/'
        f"home?region={call.region}#logEventViewer:group=/aws/sagemaker/Endpoints/{name} in "
        f"account {account} for more information.",
        424,
        details={
            "OriginalStatusCode": status,
            "OriginalMessage": text[:1000],
            "LogStreamArn": f"arn:aws:logs:{call.region}:{account}:log-group:"
            f"/aws/sagemaker/Endpoints/{name}",
        },
    )


def _invalid(message: str) -> ApiError:
    return ApiError("ValidationError", message)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        body = body.read()
    if isinstance(body, str):
        return body.encode()
    return json.dumps(body).encode() if isinstance(body, dict | list) else bytes(body)
