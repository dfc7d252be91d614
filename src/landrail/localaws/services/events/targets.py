"""Handing an event to a target, under the target's role or as the service."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform

PRINCIPAL = "events.amazonaws.com"
SERVICE = Caller(kind="service", arn=PRINCIPAL, account=None)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one target of one rule; `payload` is the text the target gets."""

    target: Mapping[str, Any]
    rule_arn: str
    event: Mapping[str, Any]
    payload: str

    @property
    def arn(self) -> list[str]:
        """The parts of the target's ARN."""
        return str(self.target["Arn"]).split(":", 5)


def deliver(platform: Platform, delivery: Delivery) -> None:
    """Hand it over; raises ApiError with what refused it."""
    kind = delivery.arn[2]
    if kind not in _WAYS:
        raise ApiError(
            "UnsupportedTarget",
            f"targets of {kind} are not supported by the local AWS: {', '.join(_WAYS)}",
        )
    _WAYS[kind](platform, delivery)


def role(platform: Platform, delivery: Delivery) -> Caller:
    """Enter the target's role."""
    arn = delivery.target.get("RoleArn")
    if not arn:
        raise ApiError("MissingRole", f"the target {delivery.target['Arn']} has no RoleArn")
    context = {"aws:SourceArn": delivery.rule_arn, "aws:SourceAccount": delivery.event["account"]}
    rule = delivery.rule_arn.rpartition("/")[2]
    session = f"AWS_Events_{rule}"[:64]
    return platform.assume(PRINCIPAL, str(arn), session, context=context).caller


def _pipeline(platform: Platform, delivery: Delivery) -> None:
    caller, arn = role(platform, delivery), delivery.arn
    params: dict[str, Any] = {"name": arn[5]}
    if delivery.target.get("Input") or delivery.target.get("InputTransformer"):
        params |= _given(delivery, ("variables", "sourceRevisions"))
    platform.call(caller, "codepipeline", "StartPipelineExecution", params, region=arn[3])


def _given(delivery: Delivery, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what a target's input gives to the operation it calls; other members mean nothing."""
    found = json.loads(delivery.payload)
    return {name: found[name] for name in names if isinstance(found, dict) and name in found}


def _build(platform: Platform, delivery: Delivery) -> None:
    caller, arn = role(platform, delivery), delivery.arn
    params: dict[str, Any] = {"projectName": arn[5].removeprefix("project/")}
    if delivery.target.get("Input") or delivery.target.get("InputTransformer"):
        params |= json.loads(delivery.payload)
    platform.call(caller, "codebuild", "StartBuild", params, region=arn[3])


def _topic(platform: Platform, delivery: Delivery) -> None:
    params = {"TopicArn": delivery.target["Arn"], "Message": delivery.payload}
    _as_service(platform, delivery, "sns", "Publish", params)


def _queue(platform: Platform, delivery: Delivery) -> None:
    arn = delivery.arn
    url = f"{platform.endpoint}/{arn[4]}/{arn[5]}"
    params: dict[str, Any] = {"QueueUrl": url, "MessageBody": delivery.payload}
    group = (delivery.target.get("SqsParameters") or {}).get("MessageGroupId")
    if group:
        params["MessageGroupId"] = group
    _as_service(platform, delivery, "sqs", "SendMessage", params)


def _log(platform: Platform, delivery: Delivery) -> None:
    group = delivery.arn[5].removeprefix("log-group:").removesuffix(":*")
    names = {"logGroupName": group, "logStreamName": str(uuid.uuid4())}
    _as_service(platform, delivery, "logs", "CreateLogStream", names)
    line = {"timestamp": int(time.time() * 1000), "message": delivery.payload}
    _as_service(platform, delivery, "logs", "PutLogEvents", {**names, "logEvents": [line]})


def _as_service(
    platform: Platform,
    delivery: Delivery,
    service: str,
    operation: str,
    params: Mapping[str, Any],
) -> None:
    arn = delivery.arn
    platform.call(SERVICE, service, operation, params, region=arn[3], account=arn[4])


_WAYS: Mapping[str, Callable[[Platform, Delivery], None]] = {
    "codepipeline": _pipeline,
    "codebuild": _build,
    "sns": _topic,
    "sqs": _queue,
    "logs": _log,
}
