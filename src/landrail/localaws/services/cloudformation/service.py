"""The CloudFormation service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.localaws.api import Answering, Door, Operation, Platform
from landrail.localaws.services.cloudformation.change_sets import ChangeSets
from landrail.localaws.services.cloudformation.drift import Drift
from landrail.localaws.services.cloudformation.engine import Engine
from landrail.localaws.services.cloudformation.lifecycle import Lifecycle
from landrail.localaws.services.cloudformation.stacks import Stacks
from landrail.localaws.services.cloudformation.views import Views
from landrail.localaws.store.tables import Tables


class CloudFormation(Answering):
    """Stacks made by API calls under their roles; nothing is made that is not in the table."""

    name = "cloudformation"
    owned = True

    def __init__(self, platform: Platform, tables: Tables) -> None:
        stacks = Stacks(tables)
        self._engine = Engine(platform, stacks)
        lifecycle = Lifecycle(platform, stacks, self._engine)
        drift = Drift(platform, stacks, self._engine, tables)
        self.operations: Mapping[str, Operation] = {
            **lifecycle.operations(),
            **Views(platform, stacks).operations(),
            **ChangeSets(platform, stacks, lifecycle, drift, tables).operations(),
            **drift.operations(),
        }
        self.doors: Mapping[str, Door] = {}

    def start(self) -> None:
        """Take up the operations that were under way."""
        self._engine.start()

    def stop(self) -> None:
        """Let the calls under way finish and leave the rest for the next start."""
        self._engine.stop()
