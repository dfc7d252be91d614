"""Data capture: samples of requests and answers, written to S3 under the model's execution role.

A request only adds to a buffer; a thread of its own writes files of JSON lines every few seconds.
What cannot be written stands in the endpoint's log, and `CaptureStatus` says Stopped meanwhile.
Source: SageMaker Developer Guide, "Capture data from real-time endpoint".
"""

from __future__ import annotations

import base64
import json
import logging
import random
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Credentials, Platform
from landrail.localaws.runtimes.lines import Reply
from landrail.localaws.services.sagemaker_runtime.choosing import Chosen
from landrail.localaws.store.tables import Table

_EVERY = 2.0
_MOST_BYTES = 32 * 1024 * 1024
_RENEW_BEFORE = 600.0
_PRINCIPAL = "sagemaker.amazonaws.com"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where records go: one file after another for each of these."""

    account: str
    region: str
    endpoint: str
    variant: str
    role: str
    stream: str
    uri: str
    key_id: str

    @property
    def arn(self) -> str:
        return f"arn:aws:sagemaker:{self.region}:{self.account}:endpoint/{self.endpoint}"


@dataclass
class _Buffer:
    lines: list[str] = field(default_factory=list)
    size: int = 0
    lost: int = 0


class Captures:
    """What was captured since it was written last."""

    def __init__(self, platform: Platform, troubles: Table) -> None:
        """`troubles` holds, by endpoint, why nothing is written."""
        self._platform, self._troubles = platform, troubles
        self._lock = threading.Lock()
        self._buffers: dict[_Target, _Buffer] = {}
        self._sessions: dict[tuple[str, str], Credentials] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="data capture", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def close(self) -> None:
        """Write the rest."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def add(
        self,
        call: ApiCall,
        chosen: Chosen,
        headers: Mapping[str, str],
        body: bytes,
        reply: Reply,
    ) -> None:
        """Take a sample of an invocation that was answered."""
        config = chosen.capture
        if not config or not config.get("EnableCapture", True) or not 200 <= reply.status < 300:
            return
        if random.random() * 100 >= config["InitialSamplingPercentage"]:
            return
        line = _record(call, config, headers, body, reply)
        target = _Target(
            call.account,
            call.region,
            call.params["EndpointName"],
            chosen.variant["name"],
            chosen.variant["role"],
            chosen.variant["stream"],
            config["DestinationS3Uri"],
            config.get("KmsKeyId", ""),
        )
        with self._lock:
            buffer = self._buffers.setdefault(target, _Buffer())
            if buffer.size + len(line) > _MOST_BYTES:
                buffer.lost += 1
                return
            buffer.lines.append(line)
            buffer.size += len(line)

    def _run(self) -> None:
        while not self._closed.wait(_EVERY):
            self._write()
        self._write()

    def _write(self) -> None:
        with self._lock:
            buffers, self._buffers = self._buffers, {}
        for target, buffer in buffers.items():
            if buffer.lost:
                self._tell(target, f"{buffer.lost} records came faster than they are written")
            try:
                self._put(target, "".join(buffer.lines).encode())
            except ApiError as error:
                why = f"{error.code}: {error.message}"
                self._tell(target, f"{len(buffer.lines)} records could not be written: {why}")
                self._trouble(target, why)
            else:
                self._trouble(target, None)

    def _trouble(self, target: _Target, why: str | None) -> None:
        key = (target.account, target.region, target.endpoint)
        try:
            if why is None:
                self._troubles.delete(*key)
            else:
                self._troubles.put(*key, value=why)
        except ApiError as error:
            _log.warning("the capture status of %s could not be kept: %s", target.arn, error)

    def _put(self, target: _Target, content: bytes) -> None:
        bucket, _, prefix = target.uri.partition("://")[2].partition("/")
        now = datetime.now(UTC)
        name = f"{now:%M-%S}-{now.microsecond // 1000:03}-{uuid.uuid4()}.jsonl"
        parts = [prefix.strip("/"), target.endpoint, target.variant, f"{now:%Y/%m/%d/%H}", name]
        params: dict[str, Any] = {
            "Bucket": bucket,
            "Key": "/".join(part for part in parts if part),
            "Body": content,
            "ContentType": "application/jsonlines",
        }
        if target.key_id:
            params |= {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": target.key_id}
        self._platform.call(self._caller(target), "s3", "PutObject", params, region=target.region)

    def _caller(self, target: _Target) -> Caller:
        found = self._sessions.get((target.role, target.arn))
        if found is None or found.expiration - time.time() < _RENEW_BEFORE:
            context = {"aws:SourceArn": target.arn, "aws:SourceAccount": target.account}
            found = self._platform.assume(_PRINCIPAL, target.role, "SageMaker", context=context)
            self._sessions[target.role, target.arn] = found
        return found.caller

    def _tell(self, target: _Target, text: str) -> None:
        """Write a line to the endpoint's log, where the role may do so, and to the server's."""
        _log.warning("data capture of %s: %s", target.arn, text)
        names = {
            "logGroupName": f"/aws/sagemaker/Endpoints/{target.endpoint}",
            "logStreamName": target.stream,
        }
        event = {"timestamp": int(time.time() * 1000), "message": f"DataCapture: {text}"}
        group = {"logGroupName": names["logGroupName"]}
        for operation, params in (
            ("CreateLogGroup", group),
            ("CreateLogStream", names),
            ("PutLogEvents", {**names, "logEvents": [event]}),
        ):
            with suppress(ApiError):
                caller = self._caller(target)
                self._platform.call(caller, "logs", operation, params, region=target.region)


def _record(
    call: ApiCall,
    config: Mapping[str, Any],
    headers: Mapping[str, str],
    body: bytes,
    reply: Reply,
) -> str:
    modes = {option["CaptureMode"] for option in config["CaptureOptions"]}
    data: dict[str, Any] = {}
    if modes & {"Input", "InputAndOutput"}:
        data["endpointInput"] = _side(config, "INPUT", headers["Content-Type"], body)
    if modes & {"Output", "InputAndOutput"}:
        kind = reply.headers.get("content-type", "application/octet-stream")
        data["endpointOutput"] = _side(config, "OUTPUT", kind, reply.body)
    metadata = {"eventId": str(uuid.uuid4()), "inferenceTime": f"{_now():%Y-%m-%dT%H:%M:%SZ}"}
    if "InferenceId" in call.params:
        metadata["inferenceId"] = call.params["InferenceId"]
    record = {"captureData": data, "eventMetadata": metadata, "eventVersion": "0"}
    return json.dumps(record, separators=(",", ":")) + "\n"


def _side(config: Mapping[str, Any], mode: str, kind: str, body: bytes) -> dict[str, str]:
    treated = config.get("CaptureContentTypeHeader") or {}
    plain = kind.partition(";")[0].strip().lower()
    encoding = "BASE64"
    if plain in map(str.lower, treated.get("CsvContentTypes") or ()):
        encoding = "CSV"
    elif plain in map(str.lower, treated.get("JsonContentTypes") or ()):
        encoding = "JSON"
    data = base64.b64encode(body).decode()
    if encoding != "BASE64":
        try:
            data = body.decode()
        except UnicodeDecodeError:
            encoding = "BASE64"
    return {"observedContentType": kind, "mode": mode, "data": data, "encoding": encoding}


def _now() -> datetime:
    return datetime.now(UTC)
