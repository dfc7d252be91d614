"""The threads that do what is in progress: one for each action and rule, until it is over.

What they learn becomes facts; where the server was killed, another thread takes the same record up.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.codepipeline.actions import RUN
from landrail.localaws.services.codepipeline.actions.approval import approve
from landrail.localaws.services.codepipeline.actions.task import (
    ActionFailed,
    Halted,
    Outcome,
    Stopped,
    Stored,
    Task,
)
from landrail.localaws.services.codepipeline.board import Board
from landrail.localaws.services.codepipeline.definition.providers import timeout_of
from landrail.localaws.services.codepipeline.machine.document import (
    Record,
    conditions,
    stage_of,
)
from landrail.localaws.services.codepipeline.machine.facts import fact
from landrail.localaws.services.codepipeline.progress import Progress
from landrail.localaws.services.codepipeline.roles import enter
from landrail.localaws.services.codepipeline.rules import JUDGE
from landrail.localaws.services.codepipeline.variables import UnknownVariable, resolve

_RETRY = 1.0
_log = logging.getLogger(__name__)
_INTERNAL = ("JobFailed", "The local AWS could not do it; its own log says why")


class Worker:
    """Does actions and rules."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._halted = threading.Event()

    def begin(self, board: Board, execution: str, record: str) -> None:
        """Work on an action or a rule, in a thread of its own."""
        if self._halted.is_set():
            return
        name = f"pipeline {record[:8]}"
        arguments = (board, execution, record)
        threading.Thread(target=self._work, args=arguments, name=name, daemon=True).start()

    def halt(self) -> None:
        """End all work and leave it as it stands."""
        self._halted.set()

    def _work(self, board: Board, execution: str, record: str) -> None:
        job = _Job(self._platform, board, execution, record, self._halted)
        # What nobody expected to go wrong ends an action, and leaves none to wait for ever.
        done: Record | None = fact("finished", id=record, changes=_failure(*_INTERNAL))
        try:
            done = job.perform()
        finally:
            try:
                if done is not None:
                    self._tell(job, done)
            finally:
                board.worked(record)

    def _tell(self, job: _Job, done: Record) -> None:
        while True:
            try:
                return job.tell(done)
            except ApiError as error:
                _log.warning("the end of a pipeline's action cannot be kept yet: %s", error)
            if self._halted.wait(_RETRY):
                return None


class _Job:
    """One action or rule that is worked on."""

    def __init__(
        self,
        platform: Platform,
        board: Board,
        execution: str,
        record: str,
        halted: threading.Event,
    ) -> None:
        self._platform = platform
        self._board = board
        self._execution = execution
        self._id = record
        self._progress = Progress(board, execution, record, halted)

    def perform(self) -> Record | None:
        """Do it; return the fact of its end, or None where nobody waits for that any more."""
        try:
            changes, more = self._run()
        except Stopped:
            return None
        except ActionFailed as failed:
            changes, more = _failure(failed.code, failed.message), {}
        except ApiError as error:
            code = "PermissionError" if "AccessDenied" in error.code else "ConfigurationError"
            changes, more = _failure(code, error.message), {}
        except UnknownVariable as error:
            changes, more = _failure("ConfigurationError", str(error)), {}
        except (OSError, LookupError, TypeError, ValueError) as error:
            # What an artifact or a configuration holds can be anything.
            message = f"{type(error).__name__}: {error}"
            changes, more = _failure("ConfigurationError", message), {}
        return fact("finished", id=self._id, changes=changes, **more)

    def tell(self, done: Record) -> None:
        """Record the end, unless it was abandoned meanwhile, and let the execution go on."""
        with self._board.changed:
            try:
                self._progress.go_on()
                self._board.record(self._execution, [done])
            except Halted:
                return
            except Stopped:
                pass  # it was recorded, and what follows from it was not
            self._board.settle()

    def _run(self) -> tuple[Record, Record]:
        record, document = self._progress.look(), self._progress.document()
        stage = stage_of(document, record["stage"])
        if "action" in record:
            declared = next(one for one in stage["actions"] if one["name"] == record["action"])
            run: Callable[[Task], Outcome] = RUN[_provider(declared["actionTypeId"])]
        else:
            [condition] = conditions(stage, record["kind"])
            declared = next(one for one in condition["rules"] if one["name"] == record["rule"])
            run = JUDGE[declared["ruleTypeId"]["provider"]]
        if run is not approve:
            # An approval watches its own end, so that an answer just before it is not lost.
            self._progress.deadline = float(record["started"]) + timeout_of(declared)
        outcome = run(self._task(document, record, declared))
        changes: Record = {"status": "Succeeded", "summary": outcome.summary}
        if "rule" in record:
            return changes, {}
        places = {name: [one.bucket, one.key] for name, one in outcome.artifacts.items()}
        changes |= {"outputs": places, "variables": dict(outcome.variables)}
        changes["revision"] = outcome.revisions[0]["id"] if outcome.revisions else None
        revisions = [dict(one) for one in outcome.revisions]
        return changes, {"revisions": revisions, "namespace": declared.get("namespace")}

    def _task(self, document: Record, record: Record, declared: Mapping[str, Any]) -> Task:
        namespaces = {
            "codepipeline": {"PipelineExecutionId": self._execution},
            "variables": document["variables"],
            **document["namespaces"],
        }
        configuration = resolve(declared.get("configuration") or {}, namespaces)
        inputs = _inputs(document, declared)
        if "resolved" not in record:
            places = {name: [one.bucket, one.key] for name, one in inputs.items()}
            self._progress.note(resolved=configuration, inputs=places)
        return Task(
            platform=self._platform,
            credentials=enter(self._platform, document, declared.get("roleArn")),
            region=document["region"],
            account=document["account"],
            pipeline=document["name"],
            stage=record["stage"],
            execution=self._execution,
            action=declared,
            configuration=configuration,
            inputs=inputs,
            store=document["definition"]["artifactStore"],
            override=document["overrides"].get(declared["name"]),
            revisions={str(one["name"]): str(one["id"]) for one in document["revisions"]},
            look=self._progress.look,
            wait=self._progress.wait,
            note=self._progress.note,
        )


def _inputs(document: Record, declared: Mapping[str, Any]) -> dict[str, Stored]:
    names = [str(one["name"]) for one in declared.get("inputArtifacts") or []]
    missing = [name for name in names if name not in document["artifacts"]]
    if missing:
        raise ActionFailed(
            f"Input artifact {', '.join(missing)} was not made in this execution",
            "ConfigurationError",
        )
    return {name: Stored(*document["artifacts"][name]) for name in names}


def _provider(kind: Mapping[str, str]) -> tuple[str, str]:
    return kind["category"], kind["provider"]


def _failure(code: str, message: str) -> Record:
    return {"status": "Failed", "error": {"code": code, "message": message}}
