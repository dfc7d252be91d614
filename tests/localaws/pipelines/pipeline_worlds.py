"""A pipeline in memory for the tests of how executions move, with the rules that always hold."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.codepipeline.machine import asking
from landrail.localaws.services.codepipeline.machine.document import (
    ACTING,
    LIVE,
    PARALLEL,
    WAITING,
    holds,
    new_document,
    running,
)
from landrail.localaws.services.codepipeline.machine.facts import apply, fact
from landrail.localaws.services.codepipeline.machine.line import admit, holder
from landrail.localaws.services.codepipeline.machine.settling import settle
from landrail.localaws.services.codepipeline.machine.steps import decide

Document = dict[str, Any]


def stage(name: str, *groups: int, **more: Any) -> Document:
    """A stage with so many actions in each group."""
    actions = [
        {
            "name": f"{name}{order}{number}",
            "runOrder": order,
            "actionTypeId": {"category": "Build", "provider": "CodeBuild"},
        }
        for order, count in enumerate(groups or (1,), 1)
        for number in range(count)
    ]
    return {"name": name, "actions": actions, **more}


def condition(*rules: str, result: str | None = None) -> Document:
    """A condition with rules of these names."""
    declared: Document = {"rules": [{"name": one} for one in rules]}
    if result:
        declared["result"] = result
    return {"conditions": [declared]}


class World:
    """The executions of one pipeline; time is a counter. Whatever happens, `check` must hold."""

    def __init__(self, mode: str, *stages: Document) -> None:
        definition = {
            "name": "p",
            "version": 1,
            "executionMode": mode,
            "stages": [stage("Source"), *stages],
        }
        self.pipeline: Document = {
            "pipeline": definition,
            "account": "1",
            "region": "r",
            "arn": "a",
        }
        self.mode = mode
        self.documents: dict[str, Document] = {}
        self.first: dict[str, Document] = {}
        self.shut: set[str] = set()
        self.now = 0.0

    @property
    def declared(self) -> list[Document]:
        found = self.pipeline["pipeline"]
        return list(found["stages"])

    @property
    def stages(self) -> list[str]:
        return [one["name"] for one in self.declared]

    # What settling asks of a world.

    def live(self) -> list[Document]:
        found = [one for one in self.documents.values() if one["status"] in LIVE]
        return sorted(found, key=lambda one: int(one["number"]))

    def closed(self) -> set[str]:
        return self.shut

    def last(self, document: Mapping[str, Any], name: str) -> str | None:
        everybody = list(self.documents.values())
        return asking.last_success(everybody, document, name, self.pipeline["pipeline"]["version"])

    def record(self, execution: str, facts: list[Document]) -> None:
        document = self.documents[execution]
        for happened in facts:
            self.now += 1
            document = apply(document, {**happened, "at": self.now})
        self.documents[execution] = document

    def roll_back(self, document: Mapping[str, Any]) -> None:
        due = document["due"]
        if due["id"] not in self.documents:
            target = self.documents[due["target"]]
            self._begin_rollback(due["id"], target, due["stage"], document["id"])

    # What happens from outside.

    def start(self) -> str:
        return self._new(str(uuid.uuid4()))

    def finish(self, execution: str, record: str, status: str) -> None:
        changes = {"status": status}
        self._ask(execution, lambda _: [fact("finished", id=record, changes=changes)])

    def stop(self, execution: str, abandon: bool) -> None:
        self._ask(execution, lambda one: asking.stop(one, abandon, None))

    def retry(self, execution: str, name: str, mode: str) -> None:
        everybody, now = list(self.documents.values()), self.pipeline["pipeline"]
        self._ask(execution, lambda one: asking.retry(everybody, one, name, mode, now))

    def update(self, mode: str | None = None, **more: Any) -> None:
        """Change the pipeline, as UpdatePipeline does."""
        definition = self.pipeline["pipeline"]
        fresh = {"version": definition["version"] + 1, "executionMode": mode or self.mode, **more}
        self.pipeline = {**self.pipeline, "pipeline": {**definition, **fresh}}
        for one in self.live():
            if one["mode"] != PARALLEL and one["stop"] is None:
                self.record(one["id"], [fact("outdated")])
        settle(self)

    def override(self, execution: str, name: str, kind: str) -> None:
        everybody, now = list(self.documents.values()), self.pipeline["pipeline"]
        self._ask(execution, lambda one: asking.override(everybody, one, name, kind, "me", now))

    def roll_back_to(self, target: str, name: str) -> str:
        found = asking.rollback(list(self.documents.values()), self.pipeline, name, target)
        made = self._begin_rollback(str(uuid.uuid4()), found, name, "me")
        settle(self)
        return made

    def close(self, name: str) -> None:
        self.shut.add(name)

    def open(self, name: str) -> None:
        self.shut.discard(name)
        settle(self)

    def crash(self) -> None:
        """Lose everything but what was written, as JSON, and go on."""
        self.documents = json.loads(json.dumps(self.documents))
        settle(self)

    def drain(self, status: str = "Succeeded") -> None:
        """Open every transition and end whatever begins."""
        self.shut.clear()
        settle(self)
        while busy := [(one["id"], each["id"]) for one in self.live() for each in running(one)]:
            for execution, record in busy:
                if record in {each["id"] for each in running(self.documents[execution])}:
                    self.finish(execution, record, status)

    def status(self, execution: str) -> str:
        return str(self.documents[execution]["status"])

    def busy(self, execution: str) -> list[str]:
        """The actions and rules of an execution that run."""
        found = running(self.documents[execution])
        return sorted(str(one.get("action") or one["rule"]) for one in found)

    def end(self, execution: str, status: str = "Succeeded") -> None:
        """End all that runs in an execution now."""
        for one in running(self.documents[execution]):
            self.finish(execution, one["id"], status)

    def check(self) -> None:
        """What holds always."""
        documents = list(self.documents.values())
        held = [name for name in map(holds, documents) if name]
        assert len(held) == len(set(held)), "two executions in one stage"
        assert not admit(self.live(), self.shut), "somebody could enter and does not"
        for one in documents:
            self._check_one(one)
        for name in self.stages:
            entered = [
                (happened["at"], one["number"])
                for one in documents
                for happened in one["facts"]
                if happened["kind"] == "entered" and happened["stage"] == name
                if one["type"] == "STANDARD" and one["mode"] != PARALLEL
            ]
            numbers = [number for _, number in sorted(entered)]
            assert numbers == sorted(numbers), f"out of order in {name}"
        causes = [
            one["trigger"]["by"]
            for one in documents
            if one["trigger"].get("by") not in (None, "me")
        ]
        assert len(causes) == len(set(causes)), "rolled back twice"

    def _check_one(self, document: Document) -> None:
        replayed = copy.deepcopy(self.first[document["id"]])
        for happened in document["facts"][len(replayed["facts"]) :]:
            replayed = apply(replayed, happened)
        assert replayed == document, "the facts do not give the document"
        place = document["place"]
        assert (place is not None) == (document["status"] in LIVE)
        busy = running(document)
        assert len({(one.get("action"), one.get("rule")) for one in busy}) == len(busy)
        if place is None:
            assert not busy, "work goes on for nobody"
            return
        assert not decide(document, self.last), "an execution could go on and does not"
        if not busy:
            assert place["phase"] == WAITING
            line = [one for one in self.live() if one["place"] == place]
            earlier = document["mode"] != PARALLEL and line[0]["id"] != document["id"]
            blocked = holder(self.live(), place["stage"]) and document["mode"] != PARALLEL
            assert place["stage"] in self.shut or blocked or earlier, "an execution is lost"

    def _ask(self, execution: str, facts: Callable[[Document], list[Document]]) -> None:
        self.record(execution, facts(self.documents[execution]))
        settle(self)

    def _new(self, execution: str, **given: Any) -> str:
        self.now += 1
        number = len(self.documents) + 1
        self.documents[execution] = new_document(
            self.pipeline, execution, number, self.now, **given
        )
        self.first[execution] = copy.deepcopy(self.documents[execution])
        if not given:
            settle(self)
        return execution

    def _begin_rollback(self, execution: str, target: Document, name: str, by: str) -> str:
        place = {"stage": name, "phase": ACTING}
        trigger = {"by": by}
        self._new(execution, type="ROLLBACK", target=target["id"], place=place, trigger=trigger)
        self.record(execution, [fact("entered", stage=name)])
        return execution


__all__ = ["ApiError", "World", "condition", "stage"]
