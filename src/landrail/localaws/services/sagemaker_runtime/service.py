"""`InvokeEndpoint`: hands a request on to one of the endpoint's processes.

It starts nothing: which processes there are the SageMaker service writes into the table
`sagemaker.fleet`, and what it needs of them it finds by the lines that are named there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, ApiError, Door, Operation, Platform
from landrail.localaws.runtimes.lines import LINES, Gone, Reply, TimedOut, Unreachable
from landrail.localaws.services.sagemaker_runtime.capture import Captures
from landrail.localaws.services.sagemaker_runtime.choosing import Chooser, Chosen, NoVariant
from landrail.localaws.services.sagemaker_runtime.metrics import Metrics
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

_SECONDS = 60.0
_LARGEST = 25 * 1024 * 1024
_TRIES = 20
_TIMED_OUT = (
    "Your invocation timed out while waiting for a response from container primary. Review the "
    "latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again."
)
_UNSUPPORTED = (
    *("TargetModel", "TargetContainerHostname", "InferenceComponentName", "SessionId"),
    *("EnableExplanations", "PrefixAwareId"),
)


class SageMakerRuntime(Answering):
    """Invocations."""

    name = "sagemaker-runtime"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs) -> None:
        """Read the records that the SageMaker service keeps in `tables`."""
        del blobs
        self._endpoints = tables.table("sagemaker.endpoint")
        self._fleets = tables.table("sagemaker.fleet")
        self._chooser = Chooser()
        self._metrics = Metrics(platform)
        self._captures = Captures(platform, tables.table("sagemaker.capture"))
        self.operations: Mapping[str, Operation] = {"InvokeEndpoint": self._invoke}

    def start(self) -> None:
        """Begin to publish what is counted and captured."""
        self._metrics.start()
        self._captures.start()

    def stop(self) -> None:
        """Publish the rest."""
        self._captures.close()
        self._metrics.close()

    def _invoke(self, call: ApiCall) -> Mapping[str, Any]:
        began = time.perf_counter()
        for name in _UNSUPPORTED:
            if name in call.params:
                raise _invalid(f"The local AWS does not support {name} of InvokeEndpoint.")
        body = _bytes(call.params.get("Body"))
        if len(body) > _LARGEST:
            raise _invalid(f"The body has {len(body)} bytes; at most {_LARGEST} are allowed.")
        headers = _headers(call)
        reply: Reply | None = None
        trouble = ""
        chosen, sent = self._chosen(call), time.perf_counter()
        try:
            chosen, sent, reply = self._asked(call, headers, body, chosen)
        except TimedOut:
            trouble = _TIMED_OUT
        except Unreachable as error:
            trouble = f"The container primary did not answer: {error}."
        ended = time.perf_counter()
        status = reply.status if reply is not None else 0
        self._metrics.add(call, chosen, status, ended - sent, (sent - began))
        if reply is None:
            raise _model_error(call, 0, trouble)
        self._captures.add(call, chosen, headers, body, reply)
        if not 200 <= reply.status < 300:
            raise _model_error(call, reply.status, reply.body.decode("utf-8", "replace"))
        return _result(reply, chosen.variant["name"])

    def _asked(
        self, call: ApiCall, headers: Mapping[str, str], body: bytes, chosen: Chosen
    ) -> tuple[Chosen, float, Reply]:
        """Ask a process; one that takes nothing any more has another one asked instead. Raises
        Unreachable."""
        last: Unreachable = Unreachable("no container is running")
        for _ in range(_TRIES):
            for name in chosen.lines:
                line = LINES.get(name)
                if line is None:
                    continue
                sent = time.perf_counter()
                try:
                    reply = line.ask("POST", "/invocations", headers, body, _SECONDS)
                except Gone as error:
                    last = error
                    continue
                return chosen, sent, reply
            # What was read has changed since, or is about to.
            time.sleep(0.02)
            chosen = self._chosen(call)
        raise last

    def _chosen(self, call: ApiCall) -> Chosen:
        name = call.params["EndpointName"]
        key = (call.account, call.region, name)
        record = self._fleets.get(*key)
        if record is None:
            self._chooser.forget(key)
            raise self._not_serving(call, name)
        target = call.params.get("TargetVariant")
        try:
            return self._chooser.choose(key, record, target)
        except NoVariant:
            raise _invalid(f"Could not find variant {target} of endpoint {name}.") from None

    def _not_serving(self, call: ApiCall, name: str) -> ApiError:
        endpoint = self._endpoints.get(call.account, call.region, name)
        if endpoint is None:
            return _invalid(f"Endpoint {name} of account {call.account} not found.")
        return _invalid(
            f"Endpoint {name} of account {call.account} is not InService: it is "
            f"{endpoint['EndpointStatus']}."
        )


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
    whose = "client" if 400 <= status < 500 else "server"
    return ApiError(
        "ModelError",
        f"Received {whose} error ({status}) from primary with "
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
