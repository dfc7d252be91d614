"""Reading stacks: what stands in an account, template, outputs, drift."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.errors import code
from landrail.aws.sessions import Connection, Identity
from landrail.diagnostics import Failure
from landrail.plan.marks import DIGEST_OUTPUT, MODEL_TAG, PLATFORM_TAG
from landrail.plan.observed import ObservedDrift, ObservedStack

SERVICE = "cloudformation"
_STANDING = (
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
)
_DRIFT_PATIENCE = 900.0


def observe_stacks(
    connection: Connection,
    who: Identity,
    platform: str,
    names: frozenset[str],
    *,
    refresh: bool,
) -> dict[str, ObservedStack]:
    """Read the stacks of an account that are of this platform, or bear one of the names. With
    `refresh`, their templates and their drift too."""
    described = [
        stack
        for stack in connection.listed(who, SERVICE, "DescribeStacks", "Stacks")
        if stack["StackName"] in names or tags_of(stack).get(PLATFORM_TAG) == platform
    ]
    if not refresh:
        return {s["StackName"]: observed_stack(s, platform) for s in described}
    detections = {s["StackName"]: _detect(connection, who, s) for s in described}
    read = (_read(connection, who, s, platform, detections[s["StackName"]]) for s in described)
    return {stack.name: stack for stack in read}


def released_stacks(connection: Connection, who: Identity) -> tuple[str, ...]:
    """Return the names of the stacks of released models in an account."""
    listed = connection.listed(who, SERVICE, "DescribeStacks", "Stacks")
    return tuple(sorted(s["StackName"] for s in listed if MODEL_TAG in tags_of(s)))


def describe_stack(connection: Connection, who: Identity, name: str) -> dict[str, Any] | None:
    """Read one stack, or None where there is none of the name."""
    try:
        answer = connection.call(who, SERVICE, "DescribeStacks", StackName=name)
    except ClientError as error:
        if code(error) == "ValidationError" and "does not exist" in str(error):
            return None
        raise
    found: dict[str, Any] = answer["Stacks"][0]
    return found


def outputs_of(stack: Mapping[str, Any]) -> dict[str, str]:
    """Return what a described stack gives out."""
    return {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", ())}


def observed_stack(
    stack: Mapping[str, Any],
    platform: str,
    template: Mapping[str, Any] | None = None,
    drift: tuple[ObservedDrift, ...] = (),
) -> ObservedStack:
    """Return a described stack as a value."""
    outputs, tags = outputs_of(stack), tags_of(stack)
    return ObservedStack(
        name=stack["StackName"],
        status=stack["StackStatus"],
        digest=outputs.pop(DIGEST_OUTPUT, None),
        template=template,
        outputs=outputs,
        tags=tags,
        protected=bool(stack.get("EnableTerminationProtection")),
        ours=tags.get(PLATFORM_TAG) == platform,
        drift=drift,
    )


def _read(
    connection: Connection,
    who: Identity,
    stack: Mapping[str, Any],
    platform: str,
    detection: str | None,
) -> ObservedStack:
    name = stack["StackName"]
    answer = connection.call(who, SERVICE, "GetTemplate", StackName=name, TemplateStage="Original")
    body = answer["TemplateBody"]
    template = json.loads(body) if isinstance(body, str) else json.loads(json.dumps(body))
    if detection is None:
        return observed_stack(stack, platform, template)
    drift, unchecked = _drift(connection, who, name, detection)
    return dataclasses.replace(
        observed_stack(stack, platform, template, drift), unchecked=unchecked
    )


def _detect(connection: Connection, who: Identity, stack: Mapping[str, Any]) -> str | None:
    """Begin to look for drift, unless the stack is in no state to be looked at."""
    if stack["StackStatus"] not in _STANDING:
        return None
    answer = connection.call(who, SERVICE, "DetectStackDrift", StackName=stack["StackName"])
    return str(answer["StackDriftDetectionId"])


def _drift(
    connection: Connection, who: Identity, name: str, detection: str
) -> tuple[tuple[ObservedDrift, ...], str]:
    end = time.monotonic() + _DRIFT_PATIENCE
    pause = 0.02 if connection.is_local else 1.0
    while True:
        told = connection.call(
            who, SERVICE, "DescribeStackDriftDetectionStatus", StackDriftDetectionId=detection
        )
        if told["DetectionStatus"] != "DETECTION_IN_PROGRESS":
            break
        if time.monotonic() > end:
            raise Failure(f"drift detection of stack {name} does not end", "try --no-refresh")
        time.sleep(pause)
        pause = min(pause * 1.6, 5.0)
    if told.get("StackDriftStatus") == "IN_SYNC":
        return (), ""
    failed = told["DetectionStatus"] == "DETECTION_FAILED"
    unchecked = str(told.get("DetectionStatusReason", "no reason given")) if failed else ""
    listed = connection.listed(
        who,
        SERVICE,
        "DescribeStackResourceDrifts",
        "StackResourceDrifts",
        StackName=name,
        StackResourceDriftStatusFilters=["MODIFIED", "DELETED"],
    )
    return tuple(sorted(map(_drifted, listed), key=lambda d: d.logical_id)), unchecked


def _drifted(told: Mapping[str, Any]) -> ObservedDrift:
    return ObservedDrift(
        logical_id=told["LogicalResourceId"],
        type=told["ResourceType"],
        status=told["StackResourceDriftStatus"],
        differences={
            d["PropertyPath"]: (d.get("ExpectedValue"), d.get("ActualValue"))
            for d in told.get("PropertyDifferences", ())
        },
    )


def tags_of(stack: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags of a described stack."""
    return {tag["Key"]: tag["Value"] for tag in stack.get("Tags", ())}
