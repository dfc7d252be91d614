"""Walking a plan: what apply and destroy share. Failures are collected, what depends on them is
skipped, a stop lets what is in flight finish."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from landrail.aws.errors import ChangeFailed
from landrail.aws.sessions import Connection
from landrail.diagnostics import Failure
from landrail.plan import Action, Change, Plan, Walked, edges, walk
from landrail.resources import Address

Execute = Callable[[Change, Callable[[str], None]], None]


class Listener(Protocol):
    """Who hears how a walk goes; called from the threads of the walk."""

    def started(self, change: Change) -> None:
        """A change has begun."""

    def progressed(self, change: Change, words: str) -> None:
        """A change has news."""

    def finished(self, change: Change, error: str | None) -> None:
        """A change is made, or failed."""


class Silence:
    """Hears nothing."""

    def started(self, change: Change) -> None:
        """Do nothing."""

    def progressed(self, change: Change, words: str) -> None:
        """Do nothing."""

    def finished(self, change: Change, error: str | None) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True)
class Result:
    """How it went: addresses done; failed with the reason; skipped with what they waited for; not
    started because of a stop. `calls` and `mutating` count API calls of the whole command."""

    plan: Plan
    done: tuple[Address, ...]
    failed: Mapping[Address, str]
    skipped: Mapping[Address, Address]
    not_started: tuple[Address, ...]
    seconds: float
    calls: int
    mutating: int
    kept: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether everything planned was done."""
        return not (self.failed or self.skipped or self.not_started)


def perform_plan(
    plan: Plan,
    execute: Execute,
    connection: Connection,
    *,
    listener: Listener | None = None,
    stop: threading.Event | None = None,
) -> Result:
    """Execute the changes of a plan after those they depend on, and say how it went; no-ops keep
    their place in the order."""
    began = time.monotonic()
    walked = _walk(plan.changes, execute, connection.parallel, listener or Silence(), stop)
    acting = {change.address for change in plan.changes if does_something(change)}
    return Result(
        plan=plan,
        done=tuple(a for a in walked.done if a in acting),
        failed={a: str(error) for a, error in walked.failed.items()},
        skipped={a: cause for a, cause in walked.skipped.items() if a in acting},
        not_started=tuple(a for a in walked.not_started if a in acting),
        seconds=time.monotonic() - began,
        calls=connection.calls.total,
        mutating=connection.calls.mutating,
    )


def _walk(
    changes: Sequence[Change],
    execute: Execute,
    parallel: int,
    listener: Listener,
    stop: threading.Event | None,
) -> Walked[Address]:
    by_address = {change.address: change for change in changes}
    graph = edges(by_address, lambda address: by_address[address].depends_on)

    def one(address: Address) -> None:
        change = by_address[address]
        if not does_something(change):
            return
        listener.started(change)
        try:
            execute(change, lambda words: listener.progressed(change, words))
        except ChangeFailed as failed:
            listener.finished(change, str(failed))
            raise
        except Failure as failed:
            # The way in is lost (the local AWS is gone, say): this change fails, the walk ends.
            listener.finished(change, str(failed))
            raise ChangeFailed(str(failed)) from failed
        listener.finished(change, None)

    stopped = (stop or threading.Event()).is_set
    return walk(graph, one, parallel=parallel, stopped=stopped, failure=ChangeFailed)


def does_something(change: Change) -> bool:
    """Say whether a change is performed: it changes something, or follows one that may."""
    return change.action is not Action.NO_OP or "follows" in change.facts
