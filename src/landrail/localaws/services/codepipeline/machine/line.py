"""Who may enter a stage: one execution at a time, by the mode each was started in.

SUPERSEDED: of those that wait before a stage only the newest goes on. QUEUED: they go in their
order. PARALLEL: nobody waits for anybody. A transition that is disabled holds all of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from landrail.localaws.services.codepipeline.machine.document import (
    BEFORE_ENTRY,
    PARALLEL,
    SUPERSEDED,
    WAITING,
    Record,
    conditions,
    holds,
    stage_of,
)
from landrail.localaws.services.codepipeline.machine.facts import fact

Document = Mapping[str, Any]


def waiting(documents: Iterable[Document], stage: str) -> list[Document]:
    """Return the executions that wait before a stage, the oldest first."""
    found = [
        one
        for one in documents
        if one["place"] == {"stage": stage, "phase": WAITING} and one["stop"] is None
    ]
    return sorted(found, key=lambda one: int(one["number"]))


def holder(documents: Iterable[Document], stage: str) -> Document | None:
    """Return the execution that keeps others out of a stage."""
    return next((one for one in documents if holds(one) == stage), None)


def admit(
    documents: Collection[Document], closed: Collection[str]
) -> list[tuple[Document, list[Record]]]:
    """Return the executions that go on or are superseded now, with the facts of it."""
    moves: list[tuple[Document, list[Record]]] = []
    lines: dict[str, list[Document]] = defaultdict(list)
    for one in sorted(documents, key=lambda each: int(each["number"])):
        place = one["place"]
        if place is None or place["phase"] != WAITING or one["stop"] is not None:
            continue
        if one["mode"] != PARALLEL:
            lines[place["stage"]].append(one)
        elif place["stage"] not in closed:
            moves.append((one, enter(one, place["stage"])))
    for stage, line in lines.items():
        over = [one for one in line if one["mode"] == SUPERSEDED][:-1]
        moves += [(one, [fact("ended", status="Superseded")]) for one in over]
        first = next(one for one in line if one not in over)
        if stage not in closed and holder(documents, stage) is None:
            moves.append((first, enter(first, stage)))
    return moves


def enter(document: Document, stage: str) -> list[Record]:
    """Return the facts of an execution that enters a stage."""
    facts = [fact("entered", stage=stage)]
    if conditions(stage_of(document, stage), BEFORE_ENTRY) and document["type"] == "STANDARD":
        facts.append(fact("judged", stage=stage, condition=BEFORE_ENTRY))
    return facts
