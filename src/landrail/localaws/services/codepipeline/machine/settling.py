"""All executions of a pipeline brought as far as they get by themselves.

A world keeps documents and records facts; it is the pipeline as the server has it, or one of a
test. Rollbacks that a failure asks for come before others enter, so that no version gets between.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from landrail.localaws.services.codepipeline.machine.document import Record
from landrail.localaws.services.codepipeline.machine.line import admit
from landrail.localaws.services.codepipeline.machine.steps import decide

Document = Mapping[str, Any]


class World(Protocol):
    """What settling needs of the place where documents are kept."""

    def live(self) -> Collection[Document]:
        """Return the documents of executions that are not over."""

    def closed(self) -> Collection[str]:
        """Return the stages whose transition is disabled."""

    def last(self, document: Document, stage: str) -> str | None:
        """Return the latest execution that a stage can be rolled back to."""

    def record(self, execution: str, facts: list[Record]) -> None:
        """Write facts of an execution down; they are kept when this returns."""

    def roll_back(self, document: Document) -> None:
        """Begin the rollback that is due, unless it has been begun."""


def settle(world: World) -> None:
    """Record what follows until everything waits for something outside."""
    while _decided(world) or _admitted(world):
        pass


def _decided(world: World) -> bool:
    moved = False
    for document in world.live():
        if document["due"]:
            world.roll_back(document)
        facts = decide(document, world.last)
        if facts:
            world.record(document["id"], facts)
            moved = True
    return moved


def _admitted(world: World) -> bool:
    moves = admit(world.live(), world.closed())
    for document, facts in moves:
        world.record(document["id"], facts)
    return bool(moves)
