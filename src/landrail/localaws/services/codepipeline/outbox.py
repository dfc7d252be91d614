"""The events of executions, published in the order in which things happened, by one thread.

How many of its facts have been published stands in each document, so that a server that was killed
tells what it had not told; what it told just before may be told twice, as Events may on AWS.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.codepipeline.events import publish
from landrail.localaws.services.codepipeline.machine.document import Record
from landrail.localaws.services.codepipeline.views.details import places

Told = Callable[[Mapping[str, Any], int], None]
Event = tuple[str, str, dict[str, Any]]
_JOIN = 5.0
_RETRY = 1.0
_log = logging.getLogger(__name__)


class Outbox:
    """Publishes what documents tell. `told` hears how far one got."""

    def __init__(self, platform: Platform, told: Told) -> None:
        self._platform = platform
        self._told = told
        self._queue: queue.SimpleQueue[Mapping[str, Any] | None] = queue.SimpleQueue()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to publish."""
        self._thread = threading.Thread(target=self._run, name="pipeline events", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Publish what was taken, and end."""
        self._ended.set()
        self._queue.put(None)
        if self._thread is not None:
            self._thread.join(timeout=_JOIN)

    def put(self, document: Mapping[str, Any]) -> None:
        """Take a document with facts that have not been told."""
        self._queue.put(document)

    def _run(self) -> None:
        told: dict[str, int] = {}
        while (document := self._queue.get()) is not None:
            while not self._publish(document, told):
                if self._ended.wait(_RETRY):
                    return

    def _publish(self, document: Mapping[str, Any], told: dict[str, int]) -> bool:
        """Publish what was not; return False where that cannot be kept now."""
        key, facts = str(document["id"]), document["facts"]
        begin = max(told.get(key, 0), int(document["told"]))
        try:
            for number, happened in enumerate(facts[begin:], begin):
                for kind, status, more in events_of(document, happened):
                    publish(self._platform, kind, document, status, more)
                told[key] = number + 1
            self._told(document, len(facts))
        except ApiError as error:
            _log.warning("events of the pipeline %s wait: %s", document["name"], error)
            return False
        if document["place"] is None:
            told.pop(key, None)
        return True


def events_of(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Iterator[Event]:
    """Yield the events that a fact makes: their kind, status and details."""
    kind = happened["kind"]
    if kind == "started":
        yield "Pipeline", "InProgress", {}
    elif kind == "stopping":
        yield "Pipeline", "Stopping", {}
    elif kind == "ended":
        yield "Pipeline", happened["status"], {}
    elif kind == "entered":
        yield "Stage", "InProgress", {"stage": happened["stage"]}
    elif kind == "retried":
        if happened["by"] == "manual":
            yield "Pipeline", "Resumed", {}
        yield "Stage", "Resumed", {"stage": happened["stage"]}
    elif kind == "stage-ended":
        yield "Stage", happened["status"], {"stage": happened["stage"]}
    elif kind == "action-began":
        yield "Action", "InProgress", _action(document, happened["id"])
    elif kind == "finished":
        told = _action(document, happened["id"])
        if told:
            result = _result(document, happened)
            yield "Action", happened["changes"]["status"], {**told, "execution-result": result}


def _action(document: Mapping[str, Any], record: str) -> Record:
    for one in document["actions"]:
        if one["id"] == record:
            return _named(document, one)
    return {}


def _named(document: Mapping[str, Any], record: Mapping[str, Any]) -> Record:
    for stage in document["definition"]["stages"]:
        for action in stage["actions"]:
            if (stage["name"], action["name"]) == (record["stage"], record["action"]):
                return {
                    "stage": stage["name"],
                    "action": action["name"],
                    "region": document["region"],
                    "type": dict(action["actionTypeId"]),
                    "input-artifacts": places(record.get("inputs")),
                    "output-artifacts": places(record.get("outputs")),
                }
    return {}


def _result(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    """What an action's end is told with: what it worked on, and why it failed."""
    changes = happened["changes"]
    [record] = [one for one in document["actions"] if one["id"] == happened["id"]]
    error = changes.get("error") or {}
    told = {
        "external-execution-id": record.get("external"),
        "external-execution-summary": error.get("message") or changes.get("summary"),
        "error-code": error.get("code"),
    }
    return {name: value for name, value in told.items() if value}
