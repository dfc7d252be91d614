"""What one execution does next, from where it stands: the facts to record, or nothing while it
waits for its turn, for an action, or for a rule."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from landrail.localaws.services.codepipeline.machine.document import (
    ACTING,
    BEFORE_ENTRY,
    ENTERING,
    FAILING,
    LEAVING,
    ON_FAILURE,
    ON_SUCCESS,
    PARALLEL,
    WAITING,
    Record,
    conditions,
    groups,
    latest,
    next_stage,
    outdated,
    rules_of,
    running,
    stage_of,
)
from landrail.localaws.services.codepipeline.machine.facts import fact

Document = Mapping[str, Any]
Last = Callable[[Document, str], str | None]
"""The latest execution that a stage can be rolled back to, for an execution that failed in it."""


def decide(document: Document, last: Last) -> list[Record]:
    """Return the facts that follow at once."""
    place = document["place"]
    if place is None:
        return []
    stop = document["stop"]
    if stop and stop["abandon"] and (left := running(document)):
        return _given_up(left)
    stage, phase = stage_of(document, place["stage"]), place["phase"]
    if phase == WAITING:
        return [fact("ended", status=_stopped_as(document))] if stop else []
    if phase == ENTERING:
        return _entering(document, stage)
    if phase == ACTING:
        return _acting(document, stage, last)
    if phase == LEAVING:
        return _leaving(document, stage, last)
    if phase == FAILING:
        return _failing(document, stage, last)
    return _left(document, stage["name"])


def _entering(document: Document, stage: Document) -> list[Record]:
    name = stage["name"]
    if document["stop"]:
        return _stopped(document, name)
    verdict, facts = _judge(document, stage, BEFORE_ENTRY)
    if verdict is None:
        return facts
    if verdict != "Failed":
        return [fact("acting", stage=name)]
    if conditions(stage, BEFORE_ENTRY)[0].get("result") == "SKIP":
        return [fact("stage-ended", stage=name, status="Skipped")]
    return [fact("stage-ended", stage=name, status="Failed")]


def _acting(document: Document, stage: Document, last: Last) -> list[Record]:
    name = stage["name"]
    for group in groups(stage):
        redo = document["stages"][name]["redo"]
        begun = {one["name"]: latest(document, name, one["name"]) for one in group}
        fresh = [one for one in group if begun[one["name"]] is None or one["name"] in redo]
        others = {
            record["status"]
            for key, record in begun.items()
            if record is not None and key not in redo
        }
        if "InProgress" in others:
            # A retry of some leaves those that still run; nothing else begins beside them late.
            return [_begin(name, one) for one in fresh if not document["stop"]]
        if others & {"Failed", "Abandoned"}:
            return _failed(document, stage, last)
        if fresh:
            if document["stop"]:
                return [fact("stage-ended", stage=name, status=_stopped_as(document))]
            return [_begin(name, one) for one in fresh]
    if conditions(stage, ON_SUCCESS) and document["type"] == "STANDARD":
        return [fact("judged", stage=name, condition=ON_SUCCESS)]
    return [fact("stage-ended", stage=name, status="Succeeded")]


def _begin(stage: str, action: Document) -> Record:
    configuration = dict(action.get("configuration") or {})
    return fact(
        "action-began",
        id=str(uuid.uuid4()),
        stage=stage,
        action=action["name"],
        configuration=configuration,
    )


def _failed(document: Document, stage: Document, last: Last) -> list[Record]:
    """Some action failed and none runs: what the stage has for that."""
    name = stage["name"]
    if document["stop"]:
        return [fact("stage-ended", stage=name, status=_stopped_as(document))]
    wanted = stage.get("onFailure") or {}
    if wanted.get("result") == "RETRY" and document["stages"][name]["retries"]["auto"] == 0:
        mode = (wanted.get("retryConfiguration") or {}).get("retryMode", "FAILED_ACTIONS")
        return [fact("retried", stage=name, by="auto", redo=to_redo(document, stage, mode))]
    if conditions(stage, ON_FAILURE) and document["type"] == "STANDARD":
        return [fact("judged", stage=name, condition=ON_FAILURE)]
    return [_ended_failed(document, name, wanted.get("result"), last)]


def to_redo(document: Document, stage: Document, mode: str) -> list[str]:
    """Return the names of the actions that a retry of a stage does again."""
    redo = []
    for action in stage["actions"]:
        record = latest(document, stage["name"], action["name"])
        if record is not None and (mode == "ALL_ACTIONS" or record["status"] != "Succeeded"):
            redo.append(str(action["name"]))
    return redo


def _leaving(document: Document, stage: Document, last: Last) -> list[Record]:
    name = stage["name"]
    if document["stop"]:
        return _stopped(document, name)
    verdict, facts = _judge(document, stage, ON_SUCCESS)
    if verdict is None:
        return facts
    if verdict != "Failed":
        return [fact("stage-ended", stage=name, status="Succeeded")]
    result = conditions(stage, ON_SUCCESS)[0].get("result")
    return [_ended_failed(document, name, result, last)]


def _failing(document: Document, stage: Document, last: Last) -> list[Record]:
    name = stage["name"]
    if document["stop"]:
        return _stopped(document, name)
    verdict, facts = _judge(document, stage, ON_FAILURE)
    if verdict is None:
        return facts
    result = stage["onFailure"].get("result")
    if verdict == "Failed":
        result = conditions(stage, ON_FAILURE)[0].get("result", result)
    return [_ended_failed(document, name, result, last)]


def _stopped(document: Document, name: str) -> list[Record]:
    """Conditions are not waited for by an execution that is to stop."""
    ended = fact("stage-ended", stage=name, status=_stopped_as(document))
    return [*_given_up(running(document)), ended]


def _stopped_as(document: Document) -> str:
    return "Cancelled" if outdated(document) else "Stopped"


def _given_up(records: list[Record]) -> list[Record]:
    changes = {"status": "Abandoned"}
    return [fact("finished", id=one["id"], changes=changes) for one in records]


def _ended_failed(document: Document, name: str, result: str | None, last: Last) -> Record:
    due, summary = None, None
    can = document["type"] == "STANDARD" and document["mode"] != PARALLEL
    if result == "ROLLBACK" and can:
        target = last(document, name)
        if target is None:
            summary = f"Stage {name} has no successful execution to roll back to"
        else:
            due = {"id": str(uuid.uuid4()), "stage": name, "target": target}
    return fact("stage-ended", stage=name, status="Failed", due=due, summary=summary)


def _left(document: Document, name: str) -> list[Record]:
    status = document["stages"][name]["status"]
    if status in ("Failed", "Stopped", "Cancelled"):
        return [fact("ended", status=status)]
    following = next_stage(document, name)
    if document["stop"] and not (following is None and outdated(document)):
        return [fact("ended", status=_stopped_as(document))]
    if following is None:
        return [fact("ended", status="Succeeded")]
    return [fact("reached", stage=following)]


def _judge(document: Document, stage: Document, kind: str) -> tuple[str | None, list[Record]]:
    """Return how a condition ended, or None and the facts that bring it on."""
    name = stage["name"]
    condition = document["stages"][name]["conditions"][kind]
    if condition["status"] != "InProgress":
        return str(condition["status"]), []
    rules = conditions(stage, kind)[0].get("rules") or []
    records = {one["rule"]: one for one in rules_of(document, name, kind)}
    fresh = [rule for rule in rules if rule["name"] not in records]
    if fresh:
        return None, [_begin_rule(name, kind, rule) for rule in fresh]
    if any(one["status"] == "InProgress" for one in records.values()):
        return None, []
    failed = [one["rule"] for one in records.values() if one["status"] != "Succeeded"]
    told = f"Rules that failed: {', '.join(failed)}" if failed else "All rules succeeded"
    status = "Failed" if failed else "Succeeded"
    ended = fact("condition-ended", stage=name, condition=kind, status=status, summary=told)
    return None, [ended]


def _begin_rule(stage: str, kind: str, rule: Document) -> Record:
    return fact(
        "rule-began",
        id=str(uuid.uuid4()),
        stage=stage,
        condition=kind,
        rule=rule["name"],
        configuration=dict(rule.get("configuration") or {}),
    )
