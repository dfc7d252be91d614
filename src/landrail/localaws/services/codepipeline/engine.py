"""The executions under way: started, found, stopped, retried, taken up after a restart."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.codepipeline.events import publish
from landrail.localaws.services.codepipeline.execution import (
    Execution,
    Record,
    actions_of,
    new_document,
)
from landrail.localaws.services.codepipeline.stages import Gates
from landrail.localaws.services.codepipeline.walk import Walk
from landrail.localaws.store import Tables


class Engine:
    """Walks executions; their documents are kept at every step."""

    def __init__(self, platform: Platform, tables: Tables) -> None:
        self._platform = platform
        self._table = tables.table("codepipeline.executions")
        self._pipelines = tables.table("codepipeline.pipelines")
        self.gates = Gates()
        self._walks: dict[str, Walk] = {}
        self._forgotten: set[str] = set()
        self._lock = threading.Lock()

    def begin(
        self, pipeline: Record, trigger: Mapping[str, str], params: Mapping[str, Any]
    ) -> Record:
        """Start an execution and return its document."""
        document = new_document(pipeline, trigger, params)
        missing = [name for name, value in document["variables"].items() if value is None]
        if missing:
            raise ApiError(
                "ValidationException", f"pipeline variables without a value: {', '.join(missing)}"
            )
        self._save(document)
        publish(self._platform, "Pipeline", document, "InProgress")
        self._go(document)
        return document

    def find(self, account: str, region: str, pipeline: str, execution: str) -> Record:
        """Return an execution's document; raises PipelineExecutionNotFoundException."""
        with self._lock:
            walk = self._walks.get(execution)
        document: Record | None = self._table.get(account, region, pipeline, execution)
        if document is None:
            raise ApiError(
                "PipelineExecutionNotFoundException",
                f"No pipeline execution found with pipelineExecutionId = {execution}",
            )
        return walk.execution.document if walk else document

    def all_of(self, account: str, region: str, pipeline: str) -> list[Record]:
        """Return the executions of a pipeline, the newest first."""
        found = [document for _, document in self._table.scan(account, region, pipeline)]
        return sorted(found, key=lambda one: one["started"], reverse=True)

    def execution(self, document: Record) -> Execution | None:
        """Return the live execution of a document, or None where it is over."""
        with self._lock:
            walk = self._walks.get(document["id"])
        return walk.execution if walk else None

    def stop_execution(self, document: Record, abandon: bool, reason: str | None) -> None:
        """Ask an execution to stop; `abandon` does not wait for its actions."""
        execution = self.execution(document)
        if execution is None or document["status"] not in ("InProgress", "Stopping"):
            raise ApiError(
                "PipelineExecutionNotStoppableException",
                f"Pipeline execution {document['id']} is {document['status']}",
            )
        if execution.stopping and (execution.abandoned or not abandon):
            raise ApiError(
                "DuplicatedStopRequestException",
                f"Pipeline execution {document['id']} is already stopping",
            )
        execution.keep(status="Stopping", stop={"abandon": abandon, "reason": reason})
        publish(self._platform, "Pipeline", document, "Stopping")
        self.gates.changed()

    def retry(self, document: Record, stage: str, everything: bool) -> None:
        """Do a failed stage again: its failed actions, or all of them."""
        status = (document["stages"].get(stage) or {}).get("status")
        if status not in ("Failed", "Stopped") or self.execution(document) is not None:
            raise ApiError(
                "StageNotRetryableException",
                f"Stage {stage} of execution {document['id']} is not failed or stopped",
            )
        if everything:
            for one in document["actions"]:
                if one["stage"] == stage:
                    one["again"] = True
        document |= {"status": "InProgress", "stop": None}
        self._save(document)
        publish(self._platform, "Pipeline", document, "Resumed")
        self._go(document)

    def wake(self) -> None:
        """Let every execution look again: something happened in the account."""
        with self._lock:
            walks = list(self._walks.values())
        for walk in walks:
            walk.wake()

    def take_up(self) -> None:
        """Go on with the executions that stood when the local AWS ended."""
        standing = [
            one for _, one in self._table.scan() if one["status"] in ("InProgress", "Stopping")
        ]
        for document in sorted(standing, key=lambda one: one["started"]):
            self._go(document)

    def halt(self) -> None:
        """Leave all executions as they stand."""
        with self._lock:
            walks = list(self._walks.values())
        for walk in walks:
            walk.halt()

    def forget(self, account: str, region: str, pipeline: str) -> None:
        """Abandon and drop the executions of a deleted pipeline."""
        for document in self.all_of(account, region, pipeline):
            self._forgotten.add(document["id"])
            execution = self.execution(document)
            if execution is not None:
                execution.keep(stop={"abandon": True, "reason": "the pipeline was deleted"})
            self._table.delete(account, region, pipeline, document["id"])
        self.gates.changed()

    def transition_open(self, document: Record, stage: str) -> bool:
        """Say whether the transition into a stage is enabled."""
        key = (document["account"], document["region"], document["name"])
        record = self._pipelines.get(*key)
        return record is None or stage not in record["disabled"]

    def verdict(self, document: Record, stage: str, action: str, verdict: Record) -> None:
        """Give an approval its answer; the waiting action goes on."""
        execution = self.execution(document)
        record = actions_of(document, stage, action)[-1]
        if execution is None:
            raise ApiError(
                "ApprovalAlreadyCompletedException", f"The approval {action} is not waiting"
            )
        with execution.changed:
            if "verdict" in record or record["status"] != "InProgress":
                raise ApiError(
                    "ApprovalAlreadyCompletedException",
                    f"The approval {action} was already answered",
                )
            execution.note(record, verdict=verdict, updated_by=verdict["by"])

    def _go(self, document: Record) -> None:
        execution = Execution(document, self._save)
        walk = Walk(self._platform, execution, self.gates, self.transition_open)
        with self._lock:
            self._walks[execution.id] = walk
        name = f"pipeline {document['name']}"
        threading.Thread(target=self._perform, args=(walk,), name=name, daemon=True).start()

    def _perform(self, walk: Walk) -> None:
        try:
            walk.perform()
        finally:
            with self._lock:
                self._walks.pop(walk.execution.id, None)

    def _save(self, document: Record) -> None:
        if document["id"] in self._forgotten:
            return
        key = (document["account"], document["region"], document["name"], document["id"])
        self._table.put(*key, value=document)
