"""One execution of a pipeline as a document that many threads read and change under one lock."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

Record = dict[str, Any]
OVER = ("Succeeded", "Failed", "Stopped", "Superseded", "Cancelled")


def new_document(pipeline: Record, trigger: Mapping[str, str], params: Mapping[str, Any]) -> Record:
    """Return the document of an execution about to start; `pipeline` is the pipeline's record."""
    definition = pipeline["pipeline"]
    given = {one["name"]: one["value"] for one in params.get("variables") or []}
    declared = {
        one["name"]: given.get(one["name"], one.get("defaultValue"))
        for one in definition.get("variables") or []
    }
    now = time.time()
    return {
        "id": str(uuid.uuid4()),
        "name": definition["name"],
        "account": pipeline["account"],
        "region": pipeline["region"],
        "arn": pipeline["arn"],
        "version": definition["version"],
        "definition": definition,
        "mode": definition.get("executionMode", "SUPERSEDED"),
        "status": "InProgress",
        "summary": None,
        "started": now,
        "updated": now,
        "trigger": dict(trigger),
        "variables": declared,
        "overrides": {one["actionName"]: one for one in params.get("sourceRevisions") or []},
        "stages": {},
        "actions": [],
        "artifacts": {},
        "namespaces": {},
        "revisions": [],
        "stop": None,
    }


class Execution:
    """An execution under way: its document, the lock around it, and word of its changes."""

    def __init__(self, document: Record, save: Callable[[Record], None]) -> None:
        self.document = document
        self.changed = threading.Condition(threading.RLock())
        self._save = save

    @property
    def id(self) -> str:
        """The execution's id."""
        return str(self.document["id"])

    @property
    def stopping(self) -> bool:
        """Whether someone asked the execution to stop."""
        return self.document["stop"] is not None

    @property
    def abandoned(self) -> bool:
        """Whether it was asked to stop without waiting for its actions."""
        return bool(self.document["stop"] and self.document["stop"]["abandon"])

    def keep(self, **changes: Any) -> None:
        """Change the document, write it, and wake who waits."""
        with self.changed:
            self.document.update(changes, updated=time.time())
            self._save(self.document)
            self.changed.notify_all()

    def stage(self, name: str, status: str) -> None:
        """Set a stage's status."""
        with self.changed:
            self.document["stages"][name] = {"status": status, "at": time.time()}
            self.keep()

    def begin_action(self, stage: str, action: Mapping[str, Any]) -> Record:
        """Add an action execution and return its record."""
        now = time.time()
        record: Record = {
            "id": str(uuid.uuid4()),
            "stage": stage,
            "action": action["name"],
            "status": "InProgress",
            "started": now,
            "updated": now,
            "configuration": dict(action.get("configuration") or {}),
            "attempt": 1 + len(self.of_action(stage, action["name"])),
        }
        with self.changed:
            self.document["actions"].append(record)
            self.keep()
        return record

    def note(self, record: Record, **changes: Any) -> None:
        """Change an action execution's record."""
        with self.changed:
            record.update(changes, updated=time.time())
            self.keep()

    def of_action(self, stage: str, action: str) -> list[Record]:
        """Return the executions of one action, oldest first."""
        return actions_of(self.document, stage, action)

    def latest(self, stage: str, action: str) -> Record | None:
        """Return the latest execution of one action, or None."""
        found = self.of_action(stage, action)
        return found[-1] if found else None


def actions_of(document: Record, stage: str, action: str) -> list[Record]:
    """Return the executions of one action in a document, oldest first."""
    return [one for one in document["actions"] if one["stage"] == stage and one["action"] == action]
