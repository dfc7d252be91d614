"""The document of one execution, and what can be read from it.

`place` says where it stands: a stage, and the phase of it; None once it is over. All but the phases
WAITING and LEFT hold the stage. `due` is a rollback that the failure of a stage asks for.
`stop` is why it goes no further than its actions in progress: somebody asked for it, or, where it
says `outdated`, the pipeline was changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

Record = dict[str, Any]

WAITING, ENTERING, ACTING, LEAVING, FAILING, LEFT = (
    *("waiting", "entering", "acting", "leaving", "failing", "left"),
)
BEFORE_ENTRY, ON_SUCCESS, ON_FAILURE = "BEFORE_ENTRY", "ON_SUCCESS", "ON_FAILURE"
CONDITIONS = {BEFORE_ENTRY: "beforeEntry", ON_SUCCESS: "onSuccess", ON_FAILURE: "onFailure"}
LIVE = ("InProgress", "Stopping")
SUPERSEDED, QUEUED, PARALLEL = "SUPERSEDED", "QUEUED", "PARALLEL"


def new_document(pipeline: Record, execution: str, number: int, now: float, **given: Any) -> Record:
    """Return the document of an execution about to start, before its first stage; `pipeline` is the
    pipeline's record, `given` what differs from the usual."""
    definition = pipeline["pipeline"]
    return {
        "id": execution,
        "number": number,
        "name": definition["name"],
        "account": pipeline["account"],
        "region": pipeline["region"],
        "arn": pipeline["arn"],
        "version": definition["version"],
        "definition": definition,
        "mode": definition.get("executionMode", SUPERSEDED),
        "type": "STANDARD",
        "target": None,
        "status": "InProgress",
        "summary": None,
        "started": now,
        "updated": now,
        "trigger": {},
        "variables": {},
        "overrides": {},
        "place": {"stage": definition["stages"][0]["name"], "phase": WAITING},
        "stages": {},
        "actions": [],
        "rules": [],
        "artifacts": {},
        "namespaces": {},
        "revisions": [],
        "stop": None,
        "due": None,
        "facts": [],
        "told": 0,
        **given,
    }


def new_stage() -> Record:
    """Return what is known of a stage that an execution enters."""
    return {"redo": [], "conditions": {}, "retries": {"auto": 0, "manual": 0, "by": None}}


def upgraded(document: Record) -> Record:
    """Return a document as it is written today; those of older versions had no place."""
    if "place" in document:
        return document
    left = [
        stage["name"]
        for stage in document["definition"]["stages"]
        if (document["stages"].get(stage["name"]) or {}).get("status") != "Succeeded"
    ]
    place = None
    if document["status"] in LIVE and left:
        begun = left[0] in document["stages"]
        place = {"stage": left[0], "phase": ACTING if begun else WAITING}
    added: Record = {"number": 0, "type": "STANDARD", "target": None, "place": place}
    added |= {"rules": [], "due": None, "facts": [], "told": 0}
    stages = {name: {**new_stage(), **one} for name, one in document["stages"].items()}
    return {**added, **document, "stages": stages}


def stage_of(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a stage's declaration."""
    found = [one for one in document["definition"]["stages"] if one["name"] == name]
    return dict(found[0])


def next_stage(document: Mapping[str, Any], name: str) -> str | None:
    """Return the stage after one, or None after the last and in a rollback, which has one alone."""
    names = [str(one["name"]) for one in document["definition"]["stages"]]
    at = names.index(name) + 1
    return names[at] if at < len(names) and document["type"] == "STANDARD" else None


def actions_of(document: Mapping[str, Any], stage: str, action: str) -> list[Record]:
    """Return the executions of one action, oldest first."""
    return [one for one in document["actions"] if one["stage"] == stage and one["action"] == action]


def latest(document: Mapping[str, Any], stage: str, action: str) -> Record | None:
    """Return the latest execution of one action, or None."""
    found = actions_of(document, stage, action)
    return found[-1] if found else None


def rules_of(document: Mapping[str, Any], stage: str, kind: str) -> list[Record]:
    """Return the rule executions of a condition as it is judged now, oldest first."""
    condition = document["stages"][stage]["conditions"].get(kind) or {}
    return [
        one
        for one in document["rules"]
        if (one["stage"], one["kind"], one["round"]) == (stage, kind, condition.get("round"))
    ]


def running(document: Mapping[str, Any]) -> list[Record]:
    """Return the executions of actions and rules that are in progress."""
    return [
        one for one in (*document["actions"], *document["rules"]) if one["status"] == "InProgress"
    ]


def holds(document: Mapping[str, Any]) -> str | None:
    """Return the stage that an execution keeps others out of."""
    place = document["place"]
    if place is None or document["mode"] == PARALLEL or place["phase"] in (WAITING, LEFT):
        return None
    return str(place["stage"])


def outdated(document: Mapping[str, Any]) -> bool:
    """Say whether the pipeline was changed while the execution was under way."""
    return bool((document["stop"] or {}).get("outdated"))


def same_structure(document: Mapping[str, Any], definition: Mapping[str, Any]) -> bool:
    """Say whether a pipeline's definition is still the one an execution was started with; its
    version does not count."""
    return bool({**document["definition"], "version": definition.get("version")} == definition)


def groups(stage: Mapping[str, Any]) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the actions of a stage that run together, in their order."""

    def order(action: Mapping[str, Any]) -> int:
        return int(action.get("runOrder") or 1)

    for _, group in groupby(sorted(stage["actions"], key=order), key=order):
        yield list(group)


def conditions(stage: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """Return the conditions of one kind that a stage has."""
    return list((stage.get(CONDITIONS[kind]) or {}).get("conditions") or [])
