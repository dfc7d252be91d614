"""What CodeBuild asks of a project's settings, and of those that a build overrides.

All that is wrong is told at once. What AWS has and the local AWS would not do is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.codebuild.compute import COMPUTE

SOURCES = ("CODEPIPELINE", "CODECOMMIT", "S3", "NO_SOURCE")
ARTIFACTS = ("CODEPIPELINE", "S3", "NO_ARTIFACTS")
ENVIRONMENTS = ("LINUX_CONTAINER", "ARM_CONTAINER")
VARIABLES = ("PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER")
CACHES = ("NO_CACHE", "S3", "LOCAL")
MODES = ("LOCAL_CUSTOM_CACHE", "LOCAL_SOURCE_CACHE")
_MINUTES = {"timeoutInMinutes": (5, 2160), "queuedTimeoutInMinutes": (5, 480)}
_OWNERS = ("NONE", None)
Record = Mapping[str, Any]


def check(record: Record) -> None:
    """Raise InvalidInputException with all that is wrong in the settings of a project."""
    wrong = list(_wrong(record))
    if wrong:
        raise ApiError("InvalidInputException", "; ".join(wrong))


def _wrong(record: Record) -> Iterator[str]:
    yield from _sources(record)
    yield from _artifacts(record)
    yield from _environment(record["environment"])
    yield from _cache(record.get("cache") or {"type": "NO_CACHE"})
    yield from _logs(record.get("logsConfig") or {})
    if not str(record.get("serviceRole", "")).startswith("arn:"):
        yield "Invalid service role: an ARN is wanted"
    for name, (least, most) in _MINUTES.items():
        if not least <= int(record.get(name, least)) <= most:
            yield f"Invalid {name}: {record[name]} is not between {least} and {most}"
    limit = record.get("concurrentBuildLimit")
    if limit is not None and int(limit) < 1:
        yield f"Invalid concurrentBuildLimit: {limit} is less than 1"
    if not 0 <= int(record.get("autoRetryLimit") or 0) <= 10:
        yield f"Invalid autoRetryLimit: {record['autoRetryLimit']} is not between 0 and 10"
    if record.get("badgeEnabled"):
        yield "badgeEnabled is not supported by the local AWS: nothing serves build badges"


def _sources(record: Record) -> Iterator[str]:
    source = record["source"]
    yield from _one_of(source["type"], SOURCES, "source type")
    if (source["type"] == "CODEPIPELINE") != (record["artifacts"]["type"] == "CODEPIPELINE"):
        yield "Invalid artifacts: source and artifacts must both be CODEPIPELINE"
    if source["type"] == "NO_SOURCE" and not source.get("buildspec"):
        yield "Invalid project source: NO_SOURCE needs a buildspec"
    if source["type"] in ("CODECOMMIT", "S3") and not source.get("location"):
        yield f"Invalid project source: location must be provided for {source['type']}"
    others = record.get("secondarySources") or []
    for one in others:
        yield from _one_of(one["type"], SOURCES, "secondary source type")
        if not one.get("sourceIdentifier"):
            yield "Invalid secondary source: sourceIdentifier is missing"
    yield from _twice([one.get("sourceIdentifier") for one in others], "sourceIdentifier")
    for one in (source, *others):
        if (one.get("gitSubmodulesConfig") or {}).get("fetchSubmodules"):
            yield "fetchSubmodules is not supported by the local AWS"


def _artifacts(record: Record) -> Iterator[str]:
    others = record.get("secondaryArtifacts") or []
    for one in (record["artifacts"], *others):
        yield from _one_of(one["type"], ARTIFACTS, "artifacts type")
        if one["type"] == "S3" and not one.get("location"):
            yield "Invalid artifacts: location must be provided for S3"
        if one.get("bucketOwnerAccess") not in _OWNERS:
            yield "bucketOwnerAccess is not supported by the local AWS"
    if any(not one.get("artifactIdentifier") for one in others):
        yield "Invalid secondary artifacts: artifactIdentifier is missing"
    yield from _twice([one.get("artifactIdentifier") for one in others], "artifactIdentifier")


def _environment(environment: Record) -> Iterator[str]:
    yield from _one_of(environment["type"], ENVIRONMENTS, "environment type")
    yield from _one_of(environment["computeType"], tuple(COMPUTE), "compute type")
    variables = environment.get("environmentVariables") or []
    yield from _twice([one["name"] for one in variables], "environment variable")
    for one in variables:
        yield from _one_of(one.get("type", "PLAINTEXT"), VARIABLES, "environment variable type")
    for name in ("fleet", "certificate", "dockerServer"):
        if environment.get(name):
            yield f"environment.{name} is not supported by the local AWS"


def _cache(cache: Record) -> Iterator[str]:
    yield from _one_of(cache["type"], CACHES, "cache type")
    if cache["type"] == "S3" and not cache.get("location"):
        yield "Invalid cache: location must be provided for S3"
    modes = cache.get("modes") or ()
    if cache["type"] == "LOCAL" and not modes:
        yield "Invalid cache: modes must be provided for LOCAL"
    for mode in modes:
        yield from _one_of(mode, MODES, "cache mode")


def _logs(logs: Record) -> Iterator[str]:
    wanted = logs.get("s3Logs") or {}
    if wanted.get("status") == "ENABLED" and not wanted.get("location"):
        yield "Invalid logsConfig: location must be provided for s3Logs"
    if wanted.get("bucketOwnerAccess") not in _OWNERS:
        yield "bucketOwnerAccess is not supported by the local AWS"


def _one_of(value: object, known: tuple[str, ...], what: str) -> Iterator[str]:
    if value not in known:
        yield f"{what} {value} is not supported by the local AWS: {', '.join(known)}"


def _twice(names: list[Any], what: str) -> Iterator[str]:
    for name in sorted({str(one) for one in names if one and names.count(one) > 1}):
        yield f"Duplicate {what}: {name}"
