"""Drift detection: every resource read as it is, and compared with what was last wanted."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.cloudformation.acting import Actor, remembered
from landrail.localaws.services.cloudformation.asking import refused
from landrail.localaws.services.cloudformation.drifting import drifts
from landrail.localaws.services.cloudformation.engine import Engine
from landrail.localaws.services.cloudformation.lifecycle import UPDATABLE, in_state
from landrail.localaws.services.cloudformation.stacks import Goal, Resource, Stack, Stacks
from landrail.localaws.services.cloudformation.types import TYPES
from landrail.localaws.services.cloudformation.types.compare import Difference, written
from landrail.localaws.services.cloudformation.views import moment, paged, without_none
from landrail.localaws.store.tables import Tables

_WIDTH = 4
_STATES = (*UPDATABLE, "CREATE_FAILED", "UPDATE_FAILED", "UPDATE_ROLLBACK_FAILED")
_LISTED = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE", "UPDATE_FAILED")

Live = dict[str, dict[str, Any] | None]


class Drift:
    """Finds drift, and remembers what it found."""

    def __init__(self, platform: Any, stacks: Stacks, engine: Engine, tables: Tables) -> None:
        self._platform = platform
        self._stacks = stacks
        self._engine = engine
        self._table = tables.table("cloudformation.detections")

    def operations(self) -> Mapping[str, Operation]:
        """Return the operations by name."""
        return {
            "DescribeStackDriftDetectionStatus": self.status,
            "DescribeStackResourceDrifts": self.drifts,
            "DetectStackDrift": self.detect,
            "DetectStackResourceDrift": self.detect_one,
        }

    def _get(self, call: ApiCall) -> Stack:
        stack = self._stacks.get(call.account, call.region, str(call.params.get("StackName", "")))
        if stack.status not in _STATES:
            raise in_state(stack, "checked for drift")
        return stack

    def live(self, stack: Stack, call: ApiCall) -> Live:
        """Return the live properties of a stack's resources, read as the caller may."""
        resources = {n: r for n, r in self._stacks.resources(stack).items() if r.status in _LISTED}
        goal = Goal(
            stack.goal.template,
            stack.goal.parameters,
            role=stack.goal.role,
            caller=remembered(call.caller),
        )
        maker = self._engine.maker(
            stack, resources, Actor(self._platform, goal, stack.region, stack.id)
        )
        with ThreadPoolExecutor(_WIDTH, thread_name_prefix="drift") as pool:
            found = pool.map(maker.live, resources.values())
            return dict(zip(resources, found, strict=True))

    def detect(self, call: ApiCall) -> dict[str, Any]:
        """DetectStackDrift."""
        stack = self._get(call)
        wanted = call.params.get("LogicalResourceIds")
        resources = self._stacks.resources(stack)
        unknown = [name for name in wanted or () if name not in resources]
        if unknown:
            raise refused(f"Resources [{', '.join(unknown)}] do not exist in stack {stack.name}")
        detection: dict[str, Any] = {
            "id": str(uuid.uuid4()),
            "stack": stack.id,
            "at": time.time(),
            "status": "DETECTION_COMPLETE",
            "reason": None,
        }
        try:
            drifted = self._check(stack, call, wanted)
        except ApiError as error:
            detection["status"] = "DETECTION_FAILED"
            detection["reason"] = f"{error.code}: {error.message}"
        else:
            detection["drifted"] = drifted
            detection["drift"] = "DRIFTED" if drifted else "IN_SYNC"
        self._table.put(call.account, call.region, detection["id"], value=detection)
        return {"StackDriftDetectionId": detection["id"]}

    def _check(self, stack: Stack, call: ApiCall, wanted: list[str] | None) -> int:
        live = self.live(stack, call)
        now = time.time()
        resources = self._stacks.resources(stack)
        for name, actual in live.items():
            if not wanted or name in wanted:
                resources[name].drift = _found(resources[name], actual, now)
                self._stacks.save_resource(stack, resources[name])
        statuses = [r.drift["status"] for r in resources.values() if r.drift]
        drifted = sum(status in ("MODIFIED", "DELETED") for status in statuses)
        with self._stacks.exclusive():
            current = self._stacks.get(stack.account, stack.region, stack.id)
            current.drift = {"status": "DRIFTED" if drifted else "IN_SYNC", "at": now}
            self._stacks.save(current)
        return drifted

    def detect_one(self, call: ApiCall) -> dict[str, Any]:
        """DetectStackResourceDrift."""
        stack = self._get(call)
        name = call.params["LogicalResourceId"]
        if name not in self._stacks.resources(stack):
            raise refused(f"Resource {name} does not exist for stack {stack.name}")
        self._check(stack, call, [name])
        return {"StackResourceDrift": _view(stack, self._stacks.resources(stack)[name])}

    def status(self, call: ApiCall) -> dict[str, Any]:
        """DescribeStackDriftDetectionStatus."""
        id_ = str(call.params.get("StackDriftDetectionId", ""))
        found = self._table.get(call.account, call.region, id_) if id_ else None
        if found is None:
            raise refused(f"Drift detection {id_} does not exist")
        return without_none(
            {
                "StackId": found["stack"],
                "StackDriftDetectionId": id_,
                "StackDriftStatus": found.get("drift", "UNKNOWN"),
                "DetectionStatus": found["status"],
                "DetectionStatusReason": found["reason"],
                "DriftedStackResourceCount": found.get("drifted"),
                "Timestamp": moment(found["at"]),
            }
        )

    def drifts(self, call: ApiCall) -> dict[str, Any]:
        """DescribeStackResourceDrifts."""
        stack = self._stacks.get(call.account, call.region, str(call.params.get("StackName", "")))
        wanted = call.params.get("StackResourceDriftStatusFilters")
        shown = [
            _view(stack, resource)
            for resource in self._stacks.resources(stack).values()
            if resource.drift and (not wanted or resource.drift["status"] in wanted)
        ]
        size = int(call.params.get("MaxResults", 100))
        return paged(shown, call.params, "StackResourceDrifts", size)


def _found(resource: Resource, live: dict[str, Any] | None, now: float) -> dict[str, Any]:
    if live is None:
        return {"status": "DELETED", "at": now, "differences": [], "actual": None}
    entry = TYPES[resource.type]
    differences = [_difference(d) for d in drifts(entry, resource.properties, live)]
    actual = {name: live[name] for name in resource.properties if name in live}
    return {
        "status": "MODIFIED" if differences else "IN_SYNC",
        "at": now,
        "differences": differences,
        "actual": actual,
    }


def _difference(found: Difference) -> dict[str, str]:
    return {
        "PropertyPath": found.path,
        "ExpectedValue": "null" if found.expected is None else written(found.expected),
        "ActualValue": "null" if found.actual is None else written(found.actual),
        "DifferenceType": found.kind,
    }


def _view(stack: Stack, resource: Resource) -> dict[str, Any]:
    drift = resource.drift or {"status": "NOT_CHECKED", "at": resource.at, "actual": None}
    checked = drift["actual"] is not None
    return without_none(
        {
            "StackId": stack.id,
            "LogicalResourceId": resource.logical,
            "PhysicalResourceId": resource.id,
            "ResourceType": resource.type,
            "ExpectedProperties": written(resource.properties) if checked else None,
            "ActualProperties": written(drift["actual"]) if checked else None,
            "PropertyDifferences": drift["differences"] if checked else None,
            "StackResourceDriftStatus": drift["status"],
            "Timestamp": moment(drift["at"]),
        }
    )
