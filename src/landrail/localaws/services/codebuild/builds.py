"""Builds as the API tells them: started, listed, retried, stopped, deleted."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Operation
from landrail.localaws.services.codebuild.pages import page
from landrail.localaws.services.codebuild.phases import shown as shown_phases
from landrail.localaws.services.codebuild.projects import Projects
from landrail.localaws.services.codebuild.running import Runs
from landrail.localaws.services.codebuild.start import again, new_build
from landrail.localaws.store import Tables

Record = dict[str, Any]
_HIDDEN = {"account", "region", "projectArn", "logsConfig", "token", "asked", "cacheVersion"}
_EXCERPT = 100


class Builds:
    """The builds of all accounts."""

    def __init__(self, tables: Tables, projects: Projects, runs: Runs) -> None:
        self._projects = projects
        self._runs = runs
        self._table = tables.table("codebuild.builds")
        # Two that ask with one token at the same time get one build.
        self._starting = threading.Lock()

    def operations(self) -> dict[str, Operation]:
        """Return the operations this part answers."""
        return {
            "StartBuild": self.start_build,
            "BatchGetBuilds": self.batch_get,
            "ListBuilds": self.list,
            "ListBuildsForProject": self.list_for_project,
            "StopBuild": self.stop_build,
            "RetryBuild": self.retry,
            "BatchDeleteBuilds": self.batch_delete,
        }

    def start_build(self, call: ApiCall) -> Mapping[str, Any]:
        """Start a build of a project; asked for again with the same token, it is the same one."""
        project = self._projects.need(call, str(call.params["projectName"]))
        with self._starting:
            begun = self._begun_by(call, project["name"])
            return {"build": shown(begun or self._begin(call, project, new_build(call, project)))}

    def retry(self, call: ApiCall) -> Mapping[str, Any]:
        """Run a build again as it was."""
        old = self._need(call, str(call.params.get("id") or ""))
        project = self._projects.need(call, old["projectName"])
        with self._starting:
            begun = self._begun_by(call, project["name"])
            return {"build": shown(begun or self._begin(call, project, again(call, project, old)))}

    def batch_get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe several builds, naming those that are not there."""
        found = {str(one): self._find(call, str(one)) for one in call.params["ids"]}
        return {
            "builds": [shown(record) for record in found.values() if record],
            "buildsNotFound": [one for one, record in found.items() if not record],
        }

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the builds of the account and region, the newest first."""
        return self._listed(call, None)

    def list_for_project(self, call: ApiCall) -> Mapping[str, Any]:
        """List the builds of a project, the newest first."""
        project = self._projects.need(call, str(call.params["projectName"]))
        return self._listed(call, project["name"])

    def stop_build(self, call: ApiCall) -> Mapping[str, Any]:
        """Stop a build with all its processes; one that is over stays as it is."""
        record = self._need(call, str(call.params["id"]))
        self._runs.stop(record["id"])
        return {"build": shown(self._need(call, record["id"]))}

    def batch_delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete builds that are over."""
        deleted, kept = [], []
        for one in map(str, call.params["ids"]):
            record = self._find(call, one)
            if record is None or not record["buildComplete"]:
                kept.append({"id": one, "statusCode": "BUILD_IN_PROGRESS" if record else ""})
            else:
                self._table.delete(call.account, call.region, record["id"])
                deleted.append(record["arn"])
        return {"buildsDeleted": deleted, "buildsNotDeleted": kept}

    def _begun_by(self, call: ApiCall, project: str) -> Record | None:
        """Return the build that this call's token has begun already."""
        token = call.params.get("idempotencyToken")
        if not token:
            return None
        for _, begun in self._table.scan(call.account, call.region):
            if (begun["projectName"], begun.get("token")) == (project, token):
                if begun.get("asked") != _asked(call):
                    message = (
                        f"The idempotency token {str(token)[:_EXCERPT]} was used already with "
                        "other parameters"
                    )
                    raise ApiError("InvalidInputException", message)
                return dict(begun)
        return None

    def _begin(self, call: ApiCall, project: Record, fresh: Record) -> Record:
        fresh["buildNumber"] = self._projects.next_number(project)
        if token := call.params.get("idempotencyToken"):
            fresh |= {"token": token, "asked": _asked(call)}
        self._runs.begin(fresh)
        return fresh

    def _listed(self, call: ApiCall, project: str | None) -> Mapping[str, Any]:
        records = [record for _, record in self._table.scan(call.account, call.region)]
        records = [one for one in records if project in (None, one["projectName"])]
        ascending = call.params.get("sortOrder") == "ASCENDING"
        records.sort(key=lambda one: one["startTime"], reverse=not ascending)
        return page(call, [one["id"] for one in records], "ids")

    def _find(self, call: ApiCall, build_id: str) -> Record | None:
        plain = build_id.removeprefix(f"arn:aws:codebuild:{call.region}:{call.account}:build/")
        record: Record | None = self._table.get(call.account, call.region, plain)
        return record

    def _need(self, call: ApiCall, build_id: str) -> Record:
        record = self._find(call, build_id)
        if record is None:
            raise ApiError("ResourceNotFoundException", f"Build {build_id} not found")
        return record


def shown(record: Record) -> dict[str, Any]:
    """Return a record in the shape of `Build`."""
    times: dict[str, Any] = {
        name: datetime.fromtimestamp(record[name], UTC)
        for name in ("startTime", "endTime")
        if name in record
    }
    shape = {key: value for key, value in record.items() if key not in _HIDDEN}
    shape |= {"phases": shown_phases(record["phases"]), **times}
    shape["artifacts"] = _artifact(record["artifacts"])
    shape["secondaryArtifacts"] = [_artifact(one) for one in record.get("secondaryArtifacts") or []]
    return {key: value for key, value in shape.items() if value is not None}


def _artifact(record: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        *("sha256sum", "md5sum", "artifactIdentifier", "encryptionDisabled"),
        "overrideArtifactName",
    )
    found = {name: record[name] for name in names if name in record}
    location = record.get("shownLocation")
    return {**found, "location": location} if location else found


def _asked(call: ApiCall) -> str:
    text = json.dumps([call.operation, call.params], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
