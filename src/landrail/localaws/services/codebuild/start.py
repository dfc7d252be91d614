"""A new build's document: the project's settings with what StartBuild overrides."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, ApiError
from landrail.localaws.services.codebuild.checks import check

PIPELINE = "codepipeline.amazonaws.com"
_REFUSED = (
    *("gitSubmodulesConfigOverride", "sourceAuthOverride", "insecureSslOverride"),
    *("certificateOverride", "fleetOverride", "debugSessionEnabled", "hostKernelOverride"),
    *("registryCredentialOverride", "reportBuildStatusOverride", "buildStatusConfigOverride"),
)
# Parameters that replace a setting of the project as a whole.
_REPLACED = {
    "cacheOverride": "cache",
    "encryptionKeyOverride": "encryptionKey",
    "queuedTimeoutInMinutesOverride": "queuedTimeoutInMinutes",
    "secondaryArtifactsOverride": "secondaryArtifacts",
    "secondarySourcesOverride": "secondarySources",
    "secondarySourcesVersionOverride": "secondarySourceVersions",
    "serviceRoleOverride": "serviceRole",
    "sourceVersion": "sourceVersion",
    "timeoutInMinutesOverride": "timeoutInMinutes",
    "autoRetryLimitOverride": "autoRetryLimit",
}
_OF_ENVIRONMENT = {
    "computeTypeOverride": "computeType",
    "environmentTypeOverride": "type",
    "imageOverride": "image",
    "imagePullCredentialsTypeOverride": "imagePullCredentialsType",
    "privilegedModeOverride": "privilegedMode",
}
# What a build run again has of the first one, and not of the project as it is now.
_AGAIN = (
    *("source", "sourceVersion", "secondarySources", "secondarySourceVersions", "environment"),
    *("artifacts", "secondaryArtifacts", "cache", "serviceRole", "timeoutInMinutes"),
    *("queuedTimeoutInMinutes", "encryptionKey", "vpcConfig", "logsConfig"),
)
_OF_UPLOADS = ("shownLocation", "sha256sum", "md5sum")
Record = dict[str, Any]


def new_build(call: ApiCall, project: Mapping[str, Any]) -> Record:
    """Return the document of a build about to start; raises InvalidInputException."""
    refused = [name for name in _REFUSED if call.params.get(name)]
    if refused:
        message = f"{', '.join(refused)}: not supported by the local AWS"
        raise ApiError("InvalidInputException", message)
    wanted = _wanted(call.params, project)
    check(wanted)
    if wanted["environment"].get("privilegedMode"):
        # Kept with a project, which an audit looks at; a build of it has no Docker to run.
        message = "builds in privilegedMode are not supported by the local AWS"
        raise ApiError("InvalidInputException", message)
    if wanted["source"]["type"] == "CODEPIPELINE" and PIPELINE not in call.caller.called_via:
        raise ApiError(
            "InvalidInputException",
            "Project source type CODEPIPELINE: only a pipeline can start builds of this project",
        )
    wanted["artifacts"] = first = _placed(wanted["artifacts"])
    wanted["secondaryArtifacts"] = [_placed(one) for one in wanted.get("secondaryArtifacts") or []]
    if first["type"] == "CODEPIPELINE" and not first.get("location"):
        first["type"] = "NO_ARTIFACTS"
    return _begun(call, project, wanted)


def again(call: ApiCall, project: Mapping[str, Any], old: Record) -> Record:
    """Return the document of a build like one before; raises InvalidInputException."""
    if old["source"]["type"] == "CODEPIPELINE":
        message = "Builds started by a pipeline cannot be retried: retry the stage of the pipeline"
        raise ApiError("InvalidInputException", message)
    kept = {name: old[name] for name in _AGAIN if name in old}
    for one in (kept["artifacts"], *(kept.get("secondaryArtifacts") or [])):
        for name in _OF_UPLOADS:
            one.pop(name, None)
    fresh = _begun(call, project, {**kept, "autoRetryLimit": project.get("autoRetryLimit")})
    config = old.get("autoRetryConfig")
    if config and call.params.get("idempotencyToken") == by_itself(old):
        number = int(config["autoRetryNumber"]) + 1
        own = {"autoRetryNumber": number, "previousAutoRetry": old["arn"]}
        fresh["autoRetryConfig"] = {"autoRetryLimit": config["autoRetryLimit"], **own}
    return fresh


def by_itself(build: Mapping[str, Any]) -> str:
    """Return the token by which CodeBuild asks for a failed build again."""
    return f"auto-retry-{build['id']}"


def _wanted(params: Mapping[str, Any], project: Mapping[str, Any]) -> Record:
    """Return the project's settings with what the call overrides."""
    wanted = {key: value for key, value in project.items() if value is not None}
    wanted |= {own: params[name] for name, own in _REPLACED.items() if params.get(name)}
    wanted["source"] = _source(params, project)
    wanted["artifacts"] = dict(params.get("artifactsOverride") or project["artifacts"])
    if params.get("sourceTypeOverride") and not params.get("artifactsOverride"):
        # A pipeline that wants no artifacts names none, and others have nothing to give to one.
        of_pipeline = wanted["source"]["type"] == "CODEPIPELINE"
        if (wanted["artifacts"]["type"] == "CODEPIPELINE") != of_pipeline:
            wanted["artifacts"] = {"type": "CODEPIPELINE" if of_pipeline else "NO_ARTIFACTS"}
    wanted["environment"] = _environment(params, project)
    given, own = params.get("logsConfigOverride") or {}, project.get("logsConfig") or {}
    wanted["logsConfig"] = {**own, **given}
    return wanted


def _begun(call: ApiCall, project: Mapping[str, Any], wanted: Mapping[str, Any]) -> Record:
    build_id = str(uuid.uuid4())
    name = str(project["name"])
    now = time.time()
    where = f"{call.region}:{call.account}"
    settings = {name: wanted[name] for name in _AGAIN if wanted.get(name) is not None}
    limit = int(wanted.get("autoRetryLimit") or 0)
    retries = {"autoRetryConfig": {"autoRetryLimit": limit, "autoRetryNumber": 0}} if limit else {}
    return {
        "cache": {"type": "NO_CACHE"},
        "secondarySources": [],
        "secondaryArtifacts": [],
        "logsConfig": {},
        **settings,
        **retries,
        "account": call.account,
        "region": call.region,
        "id": f"{name}:{build_id}",
        "arn": f"arn:aws:codebuild:{where}:build/{name}:{build_id}",
        "projectName": name,
        "projectArn": project["arn"],
        "startTime": now,
        "currentPhase": "SUBMITTED",
        "buildStatus": "IN_PROGRESS",
        "buildComplete": False,
        "phases": [{"phaseType": "SUBMITTED", "startTime": now}],
        "logs": _logs(call, name, build_id, settings.get("logsConfig") or {}),
        "initiator": _initiator(call, settings["source"]),
        "cacheVersion": project.get("cacheVersion"),
    }


def _logs(call: ApiCall, project: str, build_id: str, wanted: Mapping[str, Any]) -> Record:
    watch = {"status": "ENABLED", **(wanted.get("cloudWatchLogs") or {})}
    s3 = {"status": "DISABLED", "encryptionDisabled": False, **(wanted.get("s3Logs") or {})}
    logs: Record = {"cloudWatchLogs": watch, "s3Logs": s3}
    if watch["status"] == "ENABLED":
        group = str(watch.get("groupName") or f"/aws/codebuild/{project}")
        stream = f"{watch['streamName']}/{build_id}" if watch.get("streamName") else build_id
        arn = f"arn:aws:logs:{call.region}:{call.account}:log-group:{group}:log-stream:{stream}"
        logs |= {"groupName": group, "streamName": stream, "cloudWatchLogsArn": arn}
    if s3["status"] == "ENABLED":
        place = str(s3["location"]).removeprefix("arn:aws:s3:::").strip("/")
        logs["s3LogsArn"] = f"arn:aws:s3:::{place}/{build_id}.gz"
    return logs


def _source(params: Mapping[str, Any], project: Mapping[str, Any]) -> Record:
    source = dict(project["source"])
    if params.get("sourceTypeOverride"):
        source["type"] = params["sourceTypeOverride"]
    if params.get("sourceLocationOverride"):
        source["location"] = params["sourceLocationOverride"]
    if params.get("buildspecOverride"):
        source["buildspec"] = params["buildspecOverride"]
    if "gitCloneDepthOverride" in params:
        source["gitCloneDepth"] = params["gitCloneDepthOverride"]
    return source


def _placed(artifact: Mapping[str, Any]) -> Record:
    """A pipeline names the very object; a project names a bucket and parts of the key."""
    if artifact["type"] == "CODEPIPELINE" and artifact.get("location"):
        bucket, _, key = str(artifact["location"]).partition("/")
        return {**artifact, "location": bucket, "key": key}
    return dict(artifact)


def _environment(params: Mapping[str, Any], project: Mapping[str, Any]) -> Record:
    environment = dict(project["environment"])
    environment |= {own: params[name] for name, own in _OF_ENVIRONMENT.items() if name in params}
    named = {one["name"]: one for one in environment.get("environmentVariables") or []}
    named |= {one["name"]: one for one in params.get("environmentVariablesOverride") or []}
    environment["environmentVariables"] = [{"type": "PLAINTEXT", **one} for one in named.values()]
    return environment


def _initiator(call: ApiCall, source: Mapping[str, Any]) -> str:
    if source["type"] == "CODEPIPELINE":
        return f"codepipeline/{call.caller.session_name}"
    return call.caller.arn.rpartition(":")[2]
