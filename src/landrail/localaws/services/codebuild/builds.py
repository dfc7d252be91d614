"""Builds: started, listed, stopped; each one runs in a thread and lives on as a document."""

from __future__ import annotations

import json
import logging
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Operation, Platform
from landrail.localaws.services.codebuild.phases import shown as shown_phases
from landrail.localaws.services.codebuild.projects import Projects
from landrail.localaws.services.codebuild.run import BuildRun
from landrail.localaws.services.codebuild.start import new_build
from landrail.localaws.store import Tables

PRINCIPAL = Caller(kind="service", arn="codebuild.amazonaws.com", account=None)
Record = dict[str, Any]
_log = logging.getLogger(__name__)
_HIDDEN = {"account", "region", "projectArn", "logsConfig", "secondaryVersions", "token"}


class Builds:
    """The builds of all accounts, and those under way."""

    def __init__(self, platform: Platform, tables: Tables, projects: Projects) -> None:
        self._platform = platform
        self._projects = projects
        self._table = tables.table("codebuild.builds")
        self._under_way: dict[str, tuple[BuildRun, threading.Thread]] = {}
        self._lock = threading.Lock()

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
        token = call.params.get("idempotencyToken")
        if token:
            for _, begun in self._table.scan(call.account, call.region):
                if (begun["projectName"], begun.get("token")) == (project["name"], token):
                    return {"build": shown(begun)}
        fresh = new_build(call, project, self._number(project))
        return {"build": shown(self._begin({**fresh, "token": token} if token else fresh))}

    def batch_get(self, call: ApiCall) -> Mapping[str, Any]:
        """Describe several builds, naming those that are not there."""
        ids = [_plain(str(one)) for one in call.params["ids"]]
        found = {one: self._find(call, one) for one in ids}
        return {
            "builds": [shown(record) for record in found.values() if record],
            "buildsNotFound": [one for one, record in found.items() if not record],
        }

    def list(self, call: ApiCall) -> Mapping[str, Any]:
        """List the builds of the account and region, the newest first."""
        return {"ids": self._ids(call, None)}

    def list_for_project(self, call: ApiCall) -> Mapping[str, Any]:
        """List the builds of a project, the newest first."""
        project = self._projects.need(call, str(call.params["projectName"]))
        return {"ids": self._ids(call, project["name"])}

    def stop_build(self, call: ApiCall) -> Mapping[str, Any]:
        """Stop a build with all its processes."""
        record = self._need(call, str(call.params["id"]))
        with self._lock:
            under_way = self._under_way.get(record["id"])
        if under_way is not None:
            under_way[0].stop()
            under_way[1].join(timeout=10)
        return {"build": shown(self._need(call, record["id"]))}

    def retry(self, call: ApiCall) -> Mapping[str, Any]:
        """Run a build again as it was."""
        old = self._need(call, str(call.params.get("id") or ""))
        project = self._projects.need(call, old["projectName"])
        fresh = new_build(call, project, self._number(project))
        kept = ("source", "sourceVersion", "environment", "artifacts", "secondarySources")
        again = {**fresh, **{name: old[name] for name in kept if name in old}}
        return {"build": shown(self._begin(again))}

    def batch_delete(self, call: ApiCall) -> Mapping[str, Any]:
        """Delete builds that are over."""
        deleted, kept = [], []
        for one in call.params["ids"]:
            record = self._find(call, _plain(str(one)))
            if record is None or not record["buildComplete"]:
                kept.append({"id": one, "statusCode": "BUILD_IN_PROGRESS" if record else ""})
            else:
                self._table.delete(call.account, call.region, record["id"])
                deleted.append(record["arn"])
        return {"buildsDeleted": deleted, "buildsNotDeleted": kept}

    def recover(self) -> None:
        """Fail the builds that were running when the local AWS ended."""
        for key, record in self._table.scan():
            if record["buildComplete"]:
                continue
            now = time.time()
            failed = {
                "phaseType": "COMPLETED",
                "startTime": now,
                "contexts": [
                    {
                        "statusCode": "INTERNAL_ERROR",
                        "message": "The local AWS was stopped while the build ran.",
                    }
                ],
            }
            record["phases"].append(failed)
            ended = {"buildStatus": "FAILED", "buildComplete": True, "endTime": now}
            self._table.put(*key, value={**record, **ended, "currentPhase": "COMPLETED"})

    def stop_all(self) -> None:
        """Stop every build under way and wait for its end."""
        with self._lock:
            under_way = list(self._under_way.values())
        for run, _ in under_way:
            run.stop()
        for _, thread in under_way:
            thread.join(timeout=10)

    def _number(self, project: Record) -> int:
        return self._projects.next_number(project)

    def _begin(self, record: Record) -> Record:
        self._save(record)
        folder = self._platform.state / "codebuild" / uuid.uuid4().hex
        run = BuildRun(self._platform, json.loads(json.dumps(record)), folder, self._save)
        thread = threading.Thread(target=self._perform, args=(run, record), daemon=True)
        with self._lock:
            self._under_way[record["id"]] = (run, thread)
        thread.start()
        return record

    def _perform(self, run: BuildRun, record: Record) -> None:
        self._tell(record)
        try:
            final = run.perform()
        except OSError as error:
            final = _broken(record, str(error))
            self._save(final)
        with self._lock:
            del self._under_way[record["id"]]
        self._tell(final)

    def _tell(self, record: Record) -> None:
        detail = {
            "build-status": record["buildStatus"],
            "project-name": record["projectName"],
            "build-id": record["arn"],
            "current-phase": record["currentPhase"],
            "version": "1",
        }
        entry = {
            "Source": "aws.codebuild",
            "DetailType": "CodeBuild Build State Change",
            "Resources": [record["arn"]],
            "Detail": json.dumps(detail),
        }
        try:
            self._platform.call(
                PRINCIPAL,
                "events",
                "PutEvents",
                {"Entries": [entry]},
                region=record["region"],
                account=record["account"],
            )
        except ApiError as error:
            _log.warning("the event of build %s was not taken: %s", record["id"], error)

    def _ids(self, call: ApiCall, project: str | None) -> Sequence[str]:
        records = [record for _, record in self._table.scan(call.account, call.region)]
        records = [one for one in records if project in (None, one["projectName"])]
        ascending = call.params.get("sortOrder") == "ASCENDING"
        records.sort(key=lambda one: one["startTime"], reverse=not ascending)
        return [one["id"] for one in records]

    def _find(self, call: ApiCall, build_id: str) -> Record | None:
        record: Record | None = self._table.get(call.account, call.region, build_id)
        return record

    def _need(self, call: ApiCall, build_id: str) -> Record:
        record = self._find(call, _plain(build_id))
        if record is None:
            raise ApiError("ResourceNotFoundException", f"Build {build_id} not found")
        return record

    def _save(self, record: Record) -> None:
        self._table.put(record["account"], record["region"], record["id"], value=record)


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
    names = ("sha256sum", "md5sum", "artifactIdentifier", "encryptionDisabled")
    found = {name: record[name] for name in names if name in record}
    location = record.get("shownLocation")
    return {**found, "location": location} if location else found


def _plain(build_id: str) -> str:
    return build_id.rpartition(":build/")[2]


def _broken(record: Record, message: str) -> Record:
    now = time.time()
    context = {"statusCode": "INTERNAL_ERROR", "message": message}
    phase = {"phaseType": "COMPLETED", "startTime": now, "contexts": [context]}
    return {
        **record,
        "buildStatus": "FAULT",
        "buildComplete": True,
        "endTime": now,
        "currentPhase": "COMPLETED",
        "phases": [*record["phases"], phase],
    }
