"""One execution walked through its stages, in a thread; it can begin anywhere it once stood."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.codepipeline.actions import RUN
from landrail.localaws.services.codepipeline.actions.task import (
    ActionFailed,
    Outcome,
    Stopped,
    Stored,
    Task,
)
from landrail.localaws.services.codepipeline.events import publish
from landrail.localaws.services.codepipeline.execution import Execution, Record
from landrail.localaws.services.codepipeline.roles import enter
from landrail.localaws.services.codepipeline.stages import Gates
from landrail.localaws.services.codepipeline.variables import UnknownVariable, resolve

IsOpen = Callable[[Record, str], bool]


class Walk:
    """The walk of one execution. `is_open` says whether a stage's transition is enabled."""

    def __init__(
        self, platform: Platform, execution: Execution, gates: Gates, is_open: IsOpen
    ) -> None:
        self._platform = platform
        self._execution = execution
        self._gates = gates
        self._is_open = is_open
        self._halt = threading.Event()

    @property
    def execution(self) -> Execution:
        """The execution that is walked."""
        return self._execution

    def halt(self) -> None:
        """Leave everything as it stands: the local AWS is stopping."""
        self._halt.set()
        with self._execution.changed:
            self._execution.changed.notify_all()
        self._gates.changed()

    def wake(self) -> None:
        """Look again at what the execution waits for."""
        with self._execution.changed:
            self._execution.changed.notify_all()
        self._gates.changed()

    def perform(self) -> None:
        """Walk the stages that are still to do."""
        document = self._execution.document
        for stage in document["definition"]["stages"]:
            name = stage["name"]
            if (document["stages"].get(name) or {}).get("status") == "Succeeded":
                continue
            if not self._enter(name):
                return
            try:
                status = self._stage(stage)
            finally:
                self._gates.leave(self._gate(name), self._execution.id)
            if self._halt.is_set():
                return
            if status != "Succeeded":
                self._finish(status)
                return
        self._finish("Succeeded")

    def _gate(self, stage: str) -> tuple[str, str, str, str]:
        document = self._execution.document
        return (document["account"], document["region"], document["name"], stage)

    def _enter(self, name: str) -> bool:
        document = self._execution.document
        entered = self._gates.enter(
            self._gate(name),
            self._execution.id,
            document["mode"] == "QUEUED",
            lambda: self._is_open(document, name),
            lambda: self._halt.is_set() or self._execution.stopping,
        )
        if entered or self._halt.is_set():
            return entered
        self._finish("Stopped" if self._execution.stopping else "Superseded")
        return False

    def _stage(self, stage: Mapping[str, Any]) -> str:
        name = stage["name"]
        again = name in self._execution.document["stages"]
        self._execution.stage(name, "InProgress")
        if not again:
            self._tell("Stage", "InProgress", {"stage": name})
        status = "Succeeded"
        for group in _in_order(stage["actions"]):
            if self._execution.stopping:
                status = "Stopped"
                break
            self._together(name, group)
            if self._halt.is_set():
                return "InProgress"
            ends = [self._status(name, action) for action in group]
            if any(end != "Succeeded" for end in ends):
                status = "Failed" if "Failed" in ends else "Stopped"
                break
        if self._execution.stopping and status != "Succeeded":
            status = "Stopped"
        self._execution.stage(name, status)
        self._tell("Stage", status, {"stage": name})
        if status == "Succeeded" and self._execution.stopping:
            return "Stopped"
        return status

    def _status(self, stage: str, action: Mapping[str, Any]) -> str:
        record = self._execution.latest(stage, action["name"])
        return str(record["status"]) if record else "Abandoned"

    def _together(self, stage: str, group: list[Mapping[str, Any]]) -> None:
        threads = [
            threading.Thread(target=self._action, args=(stage, action), daemon=True)
            for action in group
            if self._status(stage, action) != "Succeeded" or not self._kept(stage, action)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _kept(self, stage: str, action: Mapping[str, Any]) -> bool:
        """A success counts unless a retry of all actions asked for it again."""
        record = self._execution.latest(stage, action["name"])
        return record is not None and not record.get("again")

    def _action(self, stage: str, action: Mapping[str, Any]) -> None:
        execution = self._execution
        record = execution.latest(stage, action["name"])
        if record is None or record["status"] != "InProgress":
            record = execution.begin_action(stage, action)
        told = {"stage": stage, "action": action["name"], "type": dict(action["actionTypeId"])}
        self._tell("Action", "InProgress", told)
        try:
            outcome = self._run(stage, action, record)
        except Stopped:
            if self._halt.is_set():
                return
            execution.note(record, status="Abandoned")
        except ActionFailed as failed:
            execution.note(
                record, status="Failed", error={"code": failed.code, "message": failed.message}
            )
        except (ApiError, UnknownVariable) as error:
            code = "PermissionError" if isinstance(error, ApiError) else "ConfigurationError"
            message = error.message if isinstance(error, ApiError) else str(error)
            execution.note(record, status="Failed", error={"code": code, "message": message})
        except (OSError, KeyError, TypeError, ValueError) as error:
            # What an artifact or a configuration holds can be anything.
            message = f"{type(error).__name__}: {error}"
            error_shape = {"code": "ConfigurationError", "message": message}
            execution.note(record, status="Failed", error=error_shape)
        else:
            self._take(action, record, outcome)
        self._tell("Action", record["status"], told)

    def _run(self, stage: str, action: Mapping[str, Any], record: Record) -> Outcome:
        document = self._execution.document
        namespaces = {
            "codepipeline": {"PipelineExecutionId": self._execution.id},
            "variables": document["variables"],
            **document["namespaces"],
        }
        configuration = resolve(action.get("configuration") or {}, namespaces)
        inputs = {
            str(one["name"]): Stored(*document["artifacts"][one["name"]])
            for one in action.get("inputArtifacts") or []
        }
        self._execution.note(
            record,
            resolved=configuration,
            inputs={name: [one.bucket, one.key] for name, one in inputs.items()},
        )
        kind = action["actionTypeId"]
        task = Task(
            platform=self._platform,
            credentials=enter(self._platform, document, action.get("roleArn")),
            region=document["region"],
            account=document["account"],
            pipeline=document["name"],
            stage=stage,
            execution=self._execution.id,
            action=action,
            configuration=configuration,
            inputs=inputs,
            store=document["definition"]["artifactStore"],
            override=document["overrides"].get(action["name"]),
            revisions={str(one["name"]): str(one["id"]) for one in document["revisions"]},
            record=record,
            wait=self._wait,
            note=lambda **changes: self._execution.note(record, **changes),
        )
        return RUN[kind["category"], kind["provider"]](task)

    def _take(self, action: Mapping[str, Any], record: Record, outcome: Outcome) -> None:
        execution = self._execution
        places = {name: [one.bucket, one.key] for name, one in outcome.artifacts.items()}
        with execution.changed:
            document = execution.document
            document["artifacts"] |= places
            document["revisions"] += [dict(one) for one in outcome.revisions]
            if action.get("namespace"):
                document["namespaces"][action["namespace"]] = dict(outcome.variables)
            execution.note(
                record,
                status="Succeeded",
                outputs=places,
                variables=dict(outcome.variables),
                summary=outcome.summary,
                revision=outcome.revisions[0]["id"] if outcome.revisions else None,
            )

    def _wait(self, seconds: float) -> None:
        with self._execution.changed:
            if not self._over():
                self._execution.changed.wait(seconds)
            if self._over():
                raise Stopped

    def _over(self) -> bool:
        return self._halt.is_set() or self._execution.abandoned

    def _finish(self, status: str) -> None:
        self._execution.keep(status=status)
        self._tell("Pipeline", status)

    def _tell(self, kind: str, status: str, more: Mapping[str, Any] | None = None) -> None:
        publish(self._platform, kind, self._execution.document, status, more)


def _in_order(actions: list[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    def order(action: Mapping[str, Any]) -> int:
        return int(action.get("runOrder") or 1)

    for _, group in groupby(sorted(actions, key=order), key=order):
        yield list(group)
