"""Build projects: what is asked for when a build starts."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codebuild.checks import check
from landrail.localaws.services.codebuild.pages import page
from landrail.localaws.store import Tables

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9\-_]{1,149}")
_KEPT = (
    *("name", "description", "source", "secondarySources", "sourceVersion", "artifacts"),
    *("secondarySourceVersions", "secondaryArtifacts", "cache", "environment", "serviceRole"),
    *("timeoutInMinutes", "queuedTimeoutInMinutes", "encryptionKey", "tags", "vpcConfig"),
    *("badgeEnabled", "logsConfig", "concurrentBuildLimit", "autoRetryLimit"),
)
_REFUSED = ("buildBatchConfig", "fileSystemLocations")
_SORTED = {"NAME": "name", "CREATED_TIME": "created", "LAST_MODIFIED_TIME": "lastModified"}
_NO_LIMIT = -1
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
            "InvalidateProjectCache": self.invalidate,
        }

    def find(self, account: str, region: str, name: str) -> Record | None:
        """Return a project's record by name or ARN, or None."""
        place = f"arn:aws:codebuild:{region}:{account}:project/"
        record: Record | None = self._table.get(account, region, name.removeprefix(place))
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
        now = time.time()
        record = {
            "timeoutInMinutes": 60,
            "queuedTimeoutInMinutes": 480,
            "cache": {"type": "NO_CACHE"},
            "encryptionKey": f"arn:aws:kms:{call.region}:{call.account}:alias/aws/s3",
            **_given(call),
            "account": call.account,
            "region": call.region,
            "arn": _arn(call, name),
            "created": now,
            "lastModified": now,
            "builds": 0,
        }
        check(record)
        if not self._table.insert(call.account, call.region, name, value=record):
            raise ApiError(
                "ResourceAlreadyExistsException", f"Project already exists: {_arn(call, name)}"
            )
        return {"project": shown(record)}

    def update(self, call: ApiCall) -> Mapping[str, Any]:
        """Replace the given settings of a project, each as a whole; -1 takes the limit of builds
        off."""
        given = _given(call)
        unlimited = given.get("concurrentBuildLimit") == _NO_LIMIT
        if unlimited:
            del given["concurrentBuildLimit"]

        def change(record: Record) -> Record:
            fresh = {**record, **given, "lastModified": time.time()}
            if unlimited:
                fresh.pop("concurrentBuildLimit", None)
            check(fresh)
            return fresh

        name = self.need(call, str(call.params["name"]))["name"]
        return {
            "project": shown(self._table.update(call.account, call.region, name, change=change))
        }

    def invalidate(self, call: ApiCall) -> Mapping[str, Any]:
        """Let the next build of a project begin without a cache."""
        name = self.need(call, str(call.params["projectName"]))["name"]
        version = {"cacheVersion": uuid.uuid4().hex}
        self._table.update(
            call.account, call.region, name, change=lambda record: {**record, **version}
        )
        return {}

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
        by = _SORTED[str(call.params.get("sortBy") or "NAME")]
        records = [record for _, record in self._table.scan(call.account, call.region)]
        records.sort(key=lambda one: one[by], reverse=call.params.get("sortOrder") == "DESCENDING")
        return page(call, [one["name"] for one in records], "projects")


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


def _given(call: ApiCall) -> Record:
    for name in _REFUSED:
        if call.params.get(name):
            raise ApiError("InvalidInputException", f"{name} is not supported by the local AWS")
    return {key: call.params[key] for key in _KEPT if key in call.params}


def _arn(call: ApiCall, name: str) -> str:
    return f"arn:aws:codebuild:{call.region}:{call.account}:project/{name}"
