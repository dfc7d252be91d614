"""Build projects: what is asked for when a build starts."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.store import Tables

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_]{1,149}")
SOURCES = ("CODEPIPELINE", "CODECOMMIT", "S3", "NO_SOURCE")
ARTIFACTS = ("CODEPIPELINE", "S3", "NO_ARTIFACTS")
ENVIRONMENTS = ("LINUX_CONTAINER", "ARM_CONTAINER")
_KEPT = (
    *("name", "description", "source", "secondarySources", "sourceVersion", "artifacts"),
    *("secondarySourceVersions", "secondaryArtifacts", "cache", "environment", "serviceRole"),
    *("timeoutInMinutes", "queuedTimeoutInMinutes", "encryptionKey", "tags", "vpcConfig"),
    *("badgeEnabled", "logsConfig", "concurrentBuildLimit", "autoRetryLimit"),
)
_REFUSED = ("buildBatchConfig", "fileSystemLocations")
Record = dict[str, Any]


class Projects:
    """The build projects of all accounts."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("codebuild.projects")

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "CreateProject": self.create,
            "UpdateProject": self.update,
            "DeleteProject": self.delete,
            "BatchGetProjects": self.batch_get,
            "ListProjects": self.list,
        }

    def find(self, account: str, region: str, name: str) -> Record | None:
        """Return a project's record by name or ARN, or None."""
        plain = name.rpartition(":project/")[2]
        record: Record | None = self._table.get(account, region, plain)
        return record

    def need(self, call: ApiCall, name: str) -> Record:
        """Return a project's record; raises ResourceNotFoundException."""
        record = self.find(call.account, call.region, name)
        if record is None:
            raise ApiError(
                "ResourceNotFoundException",
                f"Project cannot be found: {_arn(call, name)}",
            )
        return record

    def next_number(self, project: Record) -> int:
        """Count a build and return its number."""

        def count(record: Record) -> Record:
            return {**record, "builds": int(record.get("builds", 0)) + 1}

        key = (project["account"], project["region"], project["name"])
        return int(self._table.update(*key, change=count)["builds"])

    def create(self, call: ApiCall) -> Mapping[str, Any]:
        """Make a project."""
        name = str(call.params["name"])
        if not NAME.fullmatch(name):
            raise ApiError("InvalidInputException", f"Invalid project name: {name}")
        if self.find(call.account, call.region, name):
            raise ApiError(
                "ResourceAlreadyExistsException", f"Project already exists: {_arn(call, name)}"
            )
        now = time.time()
        record = {
            "timeoutInMinutes": 60,
            "queuedTimeoutInMinutes": 480,
            "cache": {"type": "NO_CACHE"},
            "encryptionKey": f"arn:aws:kms:{call.region}:{call.account}:alias/aws/s3",
            **{key: call.params[key] for key in _KEPT if key in call.params},
            "account": call.account,
            "region": call.region,
            "arn": _arn(call, name),
            "created": now,
            "lastModified": now,
            "builds": 0,
        }
        return self._checked(call, record)

    def update(self, call: ApiCall) -> Mapping[str, Any]:
        """Change the given settings of a project."""
        record = self.need(call, str(call.params["name"]))
        given = {key: call.params[key] for key in _KEPT if key in call.params}
        return self._checked(call, {**record, **given, "lastModified": time.time()})

    def delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete a project; one that is not there is no error, as on AWS."""
        record = self.find(call.account, call.region, str(call.params["name"]))
        if record is not None:
            self._table.delete(call.account, call.region, record["name"])
        return {}

    def batch_get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe several projects, naming those that are not there."""
        names = [str(name) for name in call.params["names"]]
        found = {name: self.find(call.account, call.region, name) for name in names}
        return {
            "projects": [shown(record) for record in found.values() if record],
            "projectsNotFound": [name for name, record in found.items() if not record],
        }

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the names of the projects."""
        names = [record["name"] for _, record in self._table.scan(call.account, call.region)]
        return {"projects": sorted(names, reverse=call.params.get("sortOrder") == "DESCENDING")}

    def _checked(self, call: ApiCall, record: Record) -> Mapping[str, Any]:
        for name in _REFUSED:
            if call.params.get(name):
                raise ApiError("InvalidInputException", f"{name} is not supported by the local AWS")
        _one_of(record["source"]["type"], SOURCES, "source type")
        _one_of(record["artifacts"]["type"], ARTIFACTS, "artifacts type")
        _one_of(record["environment"]["type"], ENVIRONMENTS, "environment type")
        if (record["source"]["type"] == "CODEPIPELINE") != (
            record["artifacts"]["type"] == "CODEPIPELINE"
        ):
            raise ApiError(
                "InvalidInputException",
                "Invalid artifacts: source and artifacts must both be CODEPIPELINE",
            )
        if record["source"]["type"] == "NO_SOURCE" and not record["source"].get("buildspec"):
            raise ApiError(
                "InvalidInputException", "Invalid project source: NO_SOURCE needs a buildspec"
            )
        if not str(record.get("serviceRole", "")).startswith("arn:"):
            raise ApiError("InvalidInputException", "Invalid service role: an ARN is wanted")
        self._table.put(record["account"], record["region"], record["name"], value=record)
        return {"project": shown(record)}


def shown(record: Record) -> dict[str, Any]:
    """Return a record in the shape of `Project`."""
    # As AWS tells it where nothing was said.
    environment = {"privilegedMode": False, **record["environment"]}
    variables = environment.get("environmentVariables") or []
    environment["environmentVariables"] = [{"type": "PLAINTEXT", **one} for one in variables]
    kept = {key: record[key] for key in _KEPT if key in record and key != "badgeEnabled"}
    return {
        **{**kept, "environment": environment},
        "arn": record["arn"],
        "created": datetime.fromtimestamp(record["created"], UTC),
        "lastModified": datetime.fromtimestamp(record["lastModified"], UTC),
        "badge": {"badgeEnabled": bool(record.get("badgeEnabled"))},
        "projectVisibility": "PRIVATE",
    }


def _arn(call: ApiCall, name: str) -> str:
    return f"arn:aws:codebuild:{call.region}:{call.account}:project/{name}"


def _one_of(value: str, known: tuple[str, ...], what: str) -> None:
    if value not in known:
        raise ApiError(
            "InvalidInputException",
            f"{what} {value} is not supported by the local AWS: {', '.join(known)}",
        )
