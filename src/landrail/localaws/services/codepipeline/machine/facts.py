"""The facts by which a document changes: each is plain data, and `apply` is what it means.

`apply` returns a new document and leaves the old one as it was, so that whoever reads sees one
state whole. Facts are recorded in the order in which they came, with their time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from landrail.localaws.services.codepipeline.machine.document import (
    ACTING,
    BEFORE_ENTRY,
    ENTERING,
    FAILING,
    LEAVING,
    LEFT,
    ON_FAILURE,
    ON_SUCCESS,
    WAITING,
    Record,
    new_stage,
    outdated,
)

_PHASES = {BEFORE_ENTRY: ENTERING, ON_SUCCESS: LEAVING, ON_FAILURE: FAILING}


def fact(kind: str, **data: Any) -> Record:
    """Return a fact; its kind is a key of `MEANINGS`."""
    return {"kind": kind, **data}


def apply(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    """Return the document after a fact, which has its time `at`."""
    changed = MEANINGS[happened["kind"]](document, happened)
    facts = [*document["facts"], dict(happened)]
    return {**document, **changed, "updated": happened["at"], "facts": facts}


def _reached(_: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    return {"place": {"stage": happened["stage"], "phase": WAITING}}


def _entered(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    return _in_stage(document, happened, {**new_stage(), "status": "InProgress"}, ACTING)


def _judged(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    """A condition begins to be judged."""
    kind = happened["condition"]
    conditions = document["stages"][happened["stage"]]["conditions"]
    number = 1 + int((conditions.get(kind) or {}).get("round", 0))
    condition = {"status": "InProgress", "at": happened["at"], "round": number}
    return _in_stage(
        document, happened, {"conditions": {**conditions, kind: condition}}, _PHASES[kind]
    )


def _condition_ended(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    kind = happened["condition"]
    conditions = document["stages"][happened["stage"]]["conditions"]
    told = {"status": happened["status"], "at": happened["at"], "summary": happened["summary"]}
    condition = {**(conditions.get(kind) or {"round": 0}), **told}
    return _in_stage(document, happened, {"conditions": {**conditions, kind: condition}})


def _acting(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    return _in_stage(document, happened, {}, ACTING)


def _retried(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    """A stage is done again: the actions in `redo`, and those that had not begun."""
    stage = document["stages"][happened["stage"]]
    by = happened["by"]
    retries = {**stage["retries"], by: stage["retries"][by] + 1, "by": by}
    stopping = by == "auto" and document["stop"] and not outdated(document)
    status = "Stopping" if stopping else "InProgress"
    changes = {"status": "InProgress", "redo": list(happened["redo"]), "retries": retries}
    stop = document["stop"] if by == "auto" else None
    return {
        **_in_stage(document, happened, changes, happened.get("phase", ACTING)),
        **{"status": status, "summary": None, "stop": stop, "due": None},
    }


def _began(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    name, stage = happened["action"], document["stages"][happened["stage"]]
    attempt = 1 + sum(
        (one["stage"], one["action"]) == (happened["stage"], name) for one in document["actions"]
    )
    record = {
        "id": happened["id"],
        "stage": happened["stage"],
        "action": name,
        "status": "InProgress",
        "started": happened["at"],
        "updated": happened["at"],
        "configuration": happened["configuration"],
        "attempt": attempt,
    }
    redo = [one for one in stage["redo"] if one != name]
    return {
        **_in_stage(document, happened, {"redo": redo}),
        "actions": [*document["actions"], record],
    }


def _rule_began(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    kind = happened["condition"]
    record = {
        "id": happened["id"],
        "stage": happened["stage"],
        "kind": kind,
        "round": document["stages"][happened["stage"]]["conditions"][kind]["round"],
        "rule": happened["rule"],
        "status": "InProgress",
        "started": happened["at"],
        "updated": happened["at"],
        "configuration": happened["configuration"],
    }
    return {"rules": [*document["rules"], record]}


def _noted(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    """Something about a running action or rule: what it works on, who answered it."""
    changes = {**happened["changes"], "updated": happened["at"]}
    return {
        part: [{**one, **changes} if one["id"] == happened["id"] else one for one in document[part]]
        for part in ("actions", "rules")
    }


def _finished(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    """A running action or rule is over; what it made is there for those after it."""
    noted = _noted(document, happened)
    made: Record = {}
    if happened["changes"]["status"] == "Succeeded" and "outputs" in happened["changes"]:
        made["artifacts"] = {**document["artifacts"], **happened["changes"]["outputs"]}
        fresh = happened.get("revisions") or []
        names = {one["action"] for one in fresh}
        kept = [one for one in document["revisions"] if one["action"] not in names]
        made["revisions"] = [*kept, *fresh]
        if happened.get("namespace"):
            variables = {happened["namespace"]: happened["changes"]["variables"]}
            made["namespaces"] = {**document["namespaces"], **variables}
    return {**noted, **made}


def _overridden(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    """Someone lets an execution pass a condition; its rules count no more."""
    kind, name = happened["condition"], happened["stage"]
    ended = _condition_ended(document, {**happened, "status": "Overridden"})
    stage = {**ended["stages"][name], "status": "InProgress"}
    given_up = {"status": "Abandoned", "updated": happened["at"]}
    return {
        "stages": {**ended["stages"], name: stage},
        "place": {"stage": name, "phase": _PHASES[kind]},
        "rules": [
            {**one, **given_up} if one["status"] == "InProgress" else one
            for one in document["rules"]
        ],
        **{"status": "InProgress", "summary": None, "stop": None, "due": None},
    }


def _stage_ended(document: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    changed = _in_stage(document, happened, {"status": happened["status"]}, LEFT)
    return {**changed, "due": happened.get("due"), "summary": happened.get("summary")}


def _stopping(_: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    return {"status": "Stopping", "stop": happened["stop"]}


def _outdated(_: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    """The pipeline has another definition now; what is in progress comes to its end."""
    del happened
    return {"stop": {"abandon": False, "reason": None, "outdated": True}}


def _ended(_: Mapping[str, Any], happened: Mapping[str, Any]) -> Record:
    return {"status": happened["status"], "place": None}


def _in_stage(
    document: Mapping[str, Any],
    happened: Mapping[str, Any],
    changes: Mapping[str, Any],
    phase: str | None = None,
) -> Record:
    name = happened["stage"]
    stage = {**(document["stages"].get(name) or {}), **changes, "at": happened["at"]}
    changed: Record = {"stages": {**document["stages"], name: stage}}
    if phase is not None:
        changed["place"] = {"stage": name, "phase": phase}
    return changed


MEANINGS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Record]] = {
    "reached": _reached,
    "entered": _entered,
    "judged": _judged,
    "condition-ended": _condition_ended,
    "overridden": _overridden,
    "acting": _acting,
    "retried": _retried,
    "action-began": _began,
    "rule-began": _rule_began,
    "noted": _noted,
    "finished": _finished,
    "stage-ended": _stage_ended,
    "stopping": _stopping,
    "outdated": _outdated,
    "ended": _ended,
}
