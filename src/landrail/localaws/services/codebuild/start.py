"""A new build's document: the project's settings with what StartBuild overrides."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError

PIPELINE = "codepipeline.amazonaws.com"
_REFUSED = (
    *("gitCloneDepthOverride", "gitSubmodulesConfigOverride", "sourceAuthOverride"),
    *("insecureSslOverride", "certificateOverride", "fleetOverride", "debugSessionEnabled"),
    *("registryCredentialOverride", "autoRetryLimitOverride"),
)
Record = dict[str, Any]


def new_build(call: ApiCall, project: Mapping[str, Any], number: int) -> Record:
    """Return the document of a build about to start; raises InvalidInputException."""
    params = call.params
    for name in _REFUSED:
        if params.get(name):
            raise ApiError("InvalidInputException", f"{name} is not supported by the local AWS")
    privileged = params.get("privilegedModeOverride", project["environment"].get("privilegedMode"))
    if privileged:
        # Kept with a project, which an audit looks at; a build of it has no Docker to run.
        message = "builds in privilegedMode are not supported by the local AWS"
        raise ApiError("InvalidInputException", message)
    source, artifacts = _source(params, project), _artifacts(params, project)
    if source["type"] == "CODEPIPELINE" and PIPELINE not in call.caller.called_via:
        raise ApiError(
            "InvalidInputException",
            "Project source type CODEPIPELINE: only a pipeline can start builds of this project",
        )
    build_id = str(uuid.uuid4())
    name = str(project["name"])
    logs = {**(project.get("logsConfig") or {}), **(params.get("logsConfigOverride") or {})}
    if (logs.get("s3Logs") or {}).get("status") == "ENABLED":
        raise ApiError("InvalidInputException", "s3Logs are not supported by the local AWS")
    watch = logs.get("cloudWatchLogs") or {}
    stream = f"{watch['streamName']}/{build_id}" if watch.get("streamName") else build_id
    now = time.time()
    where = f"{call.region}:{call.account}"
    return {
        "account": call.account,
        "region": call.region,
        "id": f"{name}:{build_id}",
        "arn": f"arn:aws:codebuild:{where}:build/{name}:{build_id}",
        "projectName": name,
        "projectArn": project["arn"],
        "buildNumber": number,
        "startTime": now,
        "currentPhase": "SUBMITTED",
        "buildStatus": "IN_PROGRESS",
        "buildComplete": False,
        "sourceVersion": params.get("sourceVersion") or project.get("sourceVersion"),
        "phases": [{"phaseType": "SUBMITTED", "startTime": now}],
        "source": source,
        "secondarySources": list(
            params.get("secondarySourcesOverride") or project.get("secondarySources") or []
        ),
        "secondaryVersions": {
            one["sourceIdentifier"]: one["sourceVersion"]
            for one in params.get("secondarySourcesVersionOverride")
            or project.get("secondarySourceVersions")
            or []
        },
        "artifacts": artifacts,
        "secondaryArtifacts": [
            _placed(one)
            for one in params.get("secondaryArtifactsOverride")
            or project.get("secondaryArtifacts")
            or []
        ],
        "cache": {"type": "NO_CACHE"},
        "environment": _environment(params, project),
        "serviceRole": params.get("serviceRoleOverride") or project["serviceRole"],
        "logsConfig": logs,
        "logs": {
            "groupName": watch.get("groupName") or f"/aws/codebuild/{name}",
            "streamName": stream,
            "cloudWatchLogs": {"status": watch.get("status") or "ENABLED"},
        },
        "timeoutInMinutes": params.get("timeoutInMinutesOverride") or project["timeoutInMinutes"],
        "queuedTimeoutInMinutes": project["queuedTimeoutInMinutes"],
        "initiator": _initiator(call, source),
        "encryptionKey": params.get("encryptionKeyOverride") or project["encryptionKey"],
        "vpcConfig": project.get("vpcConfig"),
    }


def _source(params: Mapping[str, Any], project: Mapping[str, Any]) -> Record:
    source = dict(project["source"])
    if params.get("sourceTypeOverride"):
        source["type"] = params["sourceTypeOverride"]
    if params.get("sourceLocationOverride"):
        source["location"] = params["sourceLocationOverride"]
    if params.get("buildspecOverride"):
        source["buildspec"] = params["buildspecOverride"]
    if source["type"] not in ("CODEPIPELINE", "CODECOMMIT", "S3", "NO_SOURCE"):
        raise ApiError(
            "InvalidInputException",
            f"source type {source['type']} is not supported by the local AWS",
        )
    return source


def _artifacts(params: Mapping[str, Any], project: Mapping[str, Any]) -> Record:
    given = params.get("artifactsOverride")
    artifacts = _placed(given or project["artifacts"])
    if artifacts["type"] == "CODEPIPELINE" and not artifacts.get("location"):
        artifacts["type"] = "NO_ARTIFACTS"
    return artifacts


def _placed(artifact: Mapping[str, Any]) -> Record:
    """A pipeline names the very object; a project names a bucket and parts of the key."""
    if artifact["type"] == "CODEPIPELINE" and artifact.get("location"):
        bucket, _, key = str(artifact["location"]).partition("/")
        return {**artifact, "location": bucket, "key": key}
    return dict(artifact)


def _environment(params: Mapping[str, Any], project: Mapping[str, Any]) -> Record:
    environment = dict(project["environment"])
    if params.get("imageOverride"):
        environment["image"] = params["imageOverride"]
    if params.get("computeTypeOverride"):
        environment["computeType"] = params["computeTypeOverride"]
    named = {one["name"]: one for one in environment.get("environmentVariables") or []}
    named |= {one["name"]: one for one in params.get("environmentVariablesOverride") or []}
    environment["environmentVariables"] = [{"type": "PLAINTEXT", **one} for one in named.values()]
    return environment


def _initiator(call: ApiCall, source: Mapping[str, Any]) -> str:
    if source["type"] == "CODEPIPELINE":
        return f"codepipeline/{call.caller.session_name}"
    return call.caller.arn.rpartition(":")[2]
