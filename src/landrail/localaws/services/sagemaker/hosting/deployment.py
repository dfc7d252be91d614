"""One deployment under way: what it has, tells and waits for, whatever way traffic is shifted.

What it has reached is written with the endpoint before it goes on, so that a server that was
killed goes on from there: `_next` holds the content that comes, the configuration, the step, and
`back` once it is being rolled back.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import Caller, Platform
from landrail.localaws.services.sagemaker.fleet import CannotServe, Host
from landrail.localaws.services.sagemaker.hosting import strategy, views
from landrail.localaws.services.sagemaker.hosting.alarms import Alarms, Tripped
from landrail.localaws.services.sagemaker.hosting.content import model_of
from landrail.localaws.services.sagemaker.hosting.live import Fleet, Live
from landrail.localaws.services.sagemaker.hosting.telling import Teller
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.records import Document, Records
from landrail.localaws.services.sagemaker.roles import enter

_LOOK = 1.0


class Halted(Exception):
    """The local AWS is ending: everything stays as it is written."""


@dataclass(frozen=True)
class Stage:
    """What deployments work with."""

    platform: Platform
    host: Host
    records: Records
    teller: Teller
    halted: threading.Event


class Deployment:
    """From the old fleet to the new one."""

    def __init__(self, stage: Stage, place: Place, live: Live, old: Fleet, task: Document) -> None:
        """`task` is the endpoint's `_next`."""
        self.stage, self.place, self.live = stage, place, live
        self.old, self.new = old, Fleet(task["content"])
        self.step: int = task["step"]
        self.counts: Mapping[str, int] = task["content"]["counts"]
        self.strategy = strategy.strategy(task["deployment"])
        self._began: float = task["began"]
        names = strategy.alarms(task["deployment"])
        self._alarms = Alarms(stage.platform, self._role, place.region, names)

    def halted(self) -> bool:
        """Whether the local AWS is ending."""
        return self.stage.halted.is_set()

    def change(self, **members: Any) -> None:
        """Write members of the endpoint; None takes one away."""
        self.stage.teller.set(self.place, **members)

    def tell(self, kind: str, message: str) -> None:
        """Tell what is done with the new fleet."""
        summary = views.pending(self.new, self._began, views.status(kind, message))
        self.change(ProductionVariants=views.variants(self.old), PendingDeploymentSummary=summary)

    def reached(self, step: int) -> None:
        """Write down that a step is over."""
        self.step = step

        def apply(document: Document) -> None:
            document["_next"]["step"] = step

        self.stage.records.change(*self.place.key, apply)

    def look(self) -> None:
        """Look at the alarms and the time; raises Tripped, or Halted."""
        if self.halted():
            raise Halted
        limit = self.strategy.limit
        if limit is not None and time.time() - self._began > limit:
            raise Tripped(
                f"The deployment did not end within MaximumExecutionTimeoutInSeconds ({limit})."
            )
        self._alarms.look()

    def launch(self, counts: Mapping[str, int]) -> None:
        """Start so many processes more of the new fleet's variants; raises CannotServe."""
        total = sum(counts.values())
        self.tell("Creating", f"Launching {total} instance(s).")
        self.new.prepare(self.stage.host, self.place)
        for name, count in counts.items():
            self.new.grow(name, count, self.halted)
        if self.halted():
            raise Halted

    def bake(self, seconds: float, message: str) -> None:
        """Look at the alarms for a while; raises Tripped or Halted."""
        if seconds:
            self.tell("Baking", message)
        until = time.monotonic() + seconds
        while True:
            self.look()
            left = until - time.monotonic()
            if left <= 0:
                return
            self.stage.halted.wait(min(left, _LOOK))

    def _role(self) -> Caller:
        """Return the execution role of the first variant that comes."""
        name = next(iter(self.new.content["counts"]))
        running = self.new.variants.get(name)
        if running is not None:
            return running.caller()
        model = model_of(self.new.content, name)
        if model is None:
            raise CannotServe("The model is gone.")
        return enter(self.stage.platform, model["ExecutionRoleArn"], self.place.arn).caller
