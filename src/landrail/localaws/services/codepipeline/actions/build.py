"""Build and test actions: a CodeBuild build started and followed to its end."""

from __future__ import annotations

import json
from typing import Any

from landrail.localaws.services.codepipeline.actions.task import (
    ActionFailed,
    Halted,
    Outcome,
    Stopped,
    Stored,
    Task,
    TimedOut,
)

EVERY = 0.5


def build(task: Task) -> Outcome:
    """Start the project's build with the input artifacts, wait for it, take its artifacts."""
    record = task.record
    if "places" not in record:
        task.note(places={name: [*_pair(task.place(name))] for name in task.outputs})
        record = task.record
    places = {name: Stored(*place) for name, place in record["places"].items()}
    build_id = record.get("external")
    if build_id is None:
        # Asked again after a restart, the token finds the build that was begun.
        token = {"idempotencyToken": str(record["id"])}
        params = {**_start(task, places), **token}
        started = task.call("codebuild", "StartBuild", params, as_pipeline=True)
        build_id = str(started["build"]["id"])
    result = _follow(task, build_id)
    if result["buildStatus"] != "SUCCEEDED":
        raise ActionFailed(_why(result))
    exported = result.get("exportedEnvironmentVariables") or []
    return Outcome(artifacts=places, variables={one["name"]: one["value"] for one in exported})


def _start(task: Task, places: dict[str, Stored]) -> dict[str, Any]:
    primary = task.configuration.get("PrimarySource") or next(iter(task.inputs))
    if primary not in task.inputs:
        raise ActionFailed(f"PrimarySource {primary} is not an input", "ConfigurationError")
    others = [name for name in task.inputs if name != primary]
    params: dict[str, Any] = {
        "projectName": task.configuration["ProjectName"],
        "sourceTypeOverride": "CODEPIPELINE",
        "sourceLocationOverride": _location(task.inputs[primary]),
        "secondarySourcesOverride": [
            {
                "type": "CODEPIPELINE",
                "location": _location(task.inputs[name]),
                "sourceIdentifier": name,
            }
            for name in others
        ],
        "environmentVariablesOverride": json.loads(
            task.configuration.get("EnvironmentVariables") or "[]"
        ),
    }
    if primary in task.revisions:
        params["sourceVersion"] = task.revisions[primary]
    if task.encryption_key:
        params["encryptionKeyOverride"] = task.encryption_key
    if len(places) == 1:
        only = next(iter(places.values()))
        params["artifactsOverride"] = {"type": "CODEPIPELINE", "location": _location(only)}
    elif places:
        params["secondaryArtifactsOverride"] = [
            {
                "type": "CODEPIPELINE",
                "location": _location(place),
                "artifactIdentifier": name,
            }
            for name, place in places.items()
        ]
    return params


def _follow(task: Task, build_id: str) -> dict[str, Any]:
    try:
        if task.record.get("external") != build_id:
            task.note(external=build_id)
        while True:
            found = task.call("codebuild", "BatchGetBuilds", {"ids": [build_id]})["builds"]
            if not found:
                raise ActionFailed(f"the build {build_id} is gone")
            if found[0]["buildStatus"] != "IN_PROGRESS":
                return dict(found[0])
            task.wait(EVERY)
    except Halted:
        raise
    except (Stopped, TimedOut):
        task.call("codebuild", "StopBuild", {"id": build_id})
        raise


def _pair(place: Stored) -> tuple[str, str]:
    return place.bucket, place.key


def _why(result: dict[str, Any]) -> str:
    """Return the build's end with what its phases say of it, in AWS's words."""
    told = [
        f"Phase: {phase['phaseType']}, Code: {context.get('statusCode', '')}, "
        f"Message: {context['message']}"
        for phase in result.get("phases") or []
        for context in phase.get("contexts") or []
        if context.get("message")
    ]
    return ". ".join([f"Build terminated with state: {result['buildStatus']}", *told])


def _location(place: Stored) -> str:
    return f"{place.bucket}/{place.key}"
