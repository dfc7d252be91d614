"""One pipeline's executions under one lock: facts are written down here, and what follows begins.

Each fact is in the table when `record` returns. The executions that are not over are in memory
too; what is over is read from the table.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Collection, Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.codepipeline.machine.asking import last_success
from landrail.localaws.services.codepipeline.machine.document import (
    ACTING,
    LIVE,
    PARALLEL,
    QUEUED,
    SUPERSEDED,
    Record,
    new_document,
    running,
    same_structure,
    upgraded,
)
from landrail.localaws.services.codepipeline.machine.facts import apply, fact
from landrail.localaws.services.codepipeline.machine.settling import settle
from landrail.localaws.store.tables import Table

MOST = 50
"""How many executions of a pipeline there may be at once, as on AWS."""
Document = Mapping[str, Any]
Begin = Callable[["Board", str, str], None]


class Board:
    """The executions of one pipeline. `begin` starts the work on an action or rule by their ids;
    `tell` hears of documents that changed."""

    def __init__(
        self,
        key: tuple[str, str, str],
        executions: Table,
        pipelines: Table,
        begin: Begin,
        tell: Callable[[Document], None],
    ) -> None:
        self.changed = threading.Condition(threading.RLock())
        self._key = key
        self._table = executions
        self._pipelines = pipelines
        self._begin = begin
        self._tell = tell
        self._live: dict[str, Record] = {}
        self._working: set[str] = set()
        self._number = 0
        self._gone = False
        for document in self.all():
            self._number = max(self._number, int(document["number"]))
            if document["status"] in LIVE:
                self._live[document["id"]] = document

    def all(self) -> list[Record]:
        """Return all executions, the newest first."""
        found = [upgraded(document) for _, document in self._table.scan(*self._key)]
        return sorted(found, key=lambda one: (one["number"], one["started"]), reverse=True)

    def find(self, execution: str) -> Record:
        """Return an execution's document; raises PipelineExecutionNotFoundException."""
        with self.changed:
            found = self._live.get(execution) or self._table.get(*self._key, execution)
        if found is None:
            raise ApiError(
                "PipelineExecutionNotFoundException",
                f"No pipeline execution found with pipelineExecutionId = {execution}",
            )
        return upgraded(found)

    def has(self, execution: str) -> bool:
        """Say whether there is an execution of this id."""
        return self._table.get(*self._key, execution) is not None

    def pipeline(self) -> Record:
        """Return the pipeline's record as it is now; raises PipelineNotFoundException. It stays so
        for as long as `changed` is held."""
        record: Record | None = None if self._gone else self._pipelines.get(*self._key)
        if record is None:
            account, _, name = self._key
            raise ApiError(
                "PipelineNotFoundException",
                f"Account '{account}' does not have a pipeline with name '{name}'",
            )
        return record

    def start(self, pipeline: Record, execution: str, **given: Any) -> Record:
        """Begin an execution and return its document."""
        with self.changed:
            if len(self._live) >= MOST:
                raise ApiError(
                    "ConcurrentPipelineExecutionsLimitExceededException",
                    "The pipeline has reached the limit for concurrent pipeline executions.",
                )
            self._new(pipeline, execution, **given)
            self.settle()
            return self.find(execution)

    def ask(self, execution: str, facts: Callable[[Record], list[Record]]) -> None:
        """Record the facts that are asked for, if the document allows, and go on from there."""
        with self.changed:
            document = self.find(execution)
            wanted = facts(document)
            if document["status"] not in LIVE and len(self._live) >= MOST:
                raise ApiError(
                    "ConcurrentPipelineExecutionsLimitExceededException",
                    "The pipeline has reached the limit for concurrent pipeline executions.",
                )
            self.record(execution, wanted)
            self.settle()

    def roll_back_to(self, pipeline: Record, target: Document, stage: str, **given: Any) -> Record:
        """Begin the rollback of a stage to what another execution released."""
        with self.changed:
            made = self._rollback(pipeline, str(uuid.uuid4()), target, stage, **given)
            self.settle()
            return made

    def outdate(self) -> None:
        """Let executions of another definition than the pipeline has now go no further than what
        they are at. Those of the mode PARALLEL keep what they were started with."""
        with self.changed:
            pipeline = self._pipelines.get(*self._key)
            now = pipeline["pipeline"] if pipeline else {}
            for document in self.live():
                kept = document["mode"] == PARALLEL or document["stop"] is not None
                if not kept and not same_structure(document, now):
                    self.record(document["id"], [fact("outdated")])
            self.settle()

    def settle(self) -> None:
        """Go on as far as it gets, and begin what is to be worked on."""
        with self.changed:
            if self._gone:
                return
            settle(self)
            for document in self._live.values():
                for one in running(document):
                    if one["id"] not in self._working:
                        self._working.add(one["id"])
                        self._begin(self, document["id"], one["id"])
            self.changed.notify_all()

    def worked(self, record: str) -> None:
        """Take note that nobody works on an action or rule any more."""
        with self.changed:
            self._working.discard(record)

    def wake(self) -> None:
        """Let everybody look again: something happened in the account."""
        with self.changed:
            self.changed.notify_all()

    def forget(self) -> None:
        """Abandon and drop all executions: the pipeline is deleted, and this board with it."""
        with self.changed:
            self._gone = True
            self._live.clear()
            self.changed.notify_all()
            for document in self.all():
                self._table.delete(*self._key, document["id"])

    def told(self, execution: str, number: int) -> None:
        """Keep how many facts of an execution have been published."""
        with self.changed:
            if execution in self._live:
                self._live[execution] = {**self._live[execution], "told": number}
            elif not self._gone and (kept := self._table.get(*self._key, execution)):
                self._table.put(*self._key, execution, value={**kept, "told": number})

    # What settling asks of the world it settles.

    def live(self) -> Collection[Record]:
        """Return the executions that are not over, the oldest first."""
        return sorted(self._live.values(), key=lambda one: int(one["number"]))

    def closed(self) -> Collection[str]:
        """Return the stages whose transition is disabled."""
        record = self._pipelines.get(*self._key)
        return set(record["disabled"]) if record else set()

    def last(self, document: Document, stage: str) -> str | None:
        """Return the latest execution that a stage can be rolled back to."""
        pipeline = self._pipelines.get(*self._key)
        version = pipeline["pipeline"]["version"] if pipeline else -1
        return last_success(self.all(), document, stage, version)

    def record(self, execution: str, facts: list[Record]) -> None:
        """Write facts of an execution down."""
        with self.changed:
            if self._gone or not facts:
                return
            document, now = self.find(execution), time.time()
            for happened in facts:
                document = apply(document, {**happened, "at": now})
            self._keep(document)

    def roll_back(self, document: Document) -> None:
        """Begin the rollback that is due, unless it has been begun."""
        due = document["due"]
        pipeline = self._pipelines.get(*self._key)
        if pipeline is None or self.has(due["id"]):
            return
        trigger = {"triggerType": "AutomatedRollback", "triggerDetail": document["id"]}
        target = self.find(due["target"])
        self._rollback(pipeline, due["id"], target, due["stage"], trigger=trigger)

    def _rollback(
        self, pipeline: Record, execution: str, target: Document, stage: str, **given: Any
    ) -> Record:
        same = ("variables", "artifacts", "namespaces", "revisions", "definition", "version")
        brought = {name: target[name] for name in same}
        mode = {"mode": QUEUED if target["mode"] == QUEUED else SUPERSEDED}
        kind = {"type": "ROLLBACK", "target": target["id"]}
        place = {"place": {"stage": stage, "phase": ACTING}}
        given |= {**brought, **mode, **kind, **place}
        return self._new(pipeline, execution, fact("entered", stage=stage), **given)

    def _new(self, pipeline: Record, execution: str, *facts: Record, **given: Any) -> Record:
        self._number += 1
        now = time.time()
        document = new_document(pipeline, execution, self._number, now, **given)
        document["facts"] = [fact("started", at=now)]
        for happened in facts:
            document = apply(document, {**happened, "at": now})
        self._keep(document)
        return document

    def _keep(self, document: Record) -> None:
        self._table.put(*self._key, document["id"], value=document)
        if document["status"] in LIVE:
            self._live[document["id"]] = document
        else:
            self._live.pop(document["id"], None)
        self._tell(document)
