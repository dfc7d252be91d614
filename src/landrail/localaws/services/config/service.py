"""The Config service: what it records, its rules and what they found; channels, aggregators and
authorizations stay with the store."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from types import MappingProxyType

from landrail.localaws.api import Answering, ApiError, Completed, Door, Operation, Platform
from landrail.localaws.services.config.aggregate_resources import AggregateResources
from landrail.localaws.services.config.aggregates import Aggregates
from landrail.localaws.services.config.aggregators import Aggregators
from landrail.localaws.services.config.backlog import Backlog
from landrail.localaws.services.config.changes import Changes
from landrail.localaws.services.config.compliance import Compliance
from landrail.localaws.services.config.definitions import Definitions
from landrail.localaws.services.config.evaluator import Evaluator
from landrail.localaws.services.config.queries import Queries
from landrail.localaws.services.config.recorders import Recorders
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.resources import Resources
from landrail.localaws.services.config.results import Results
from landrail.localaws.services.config.schedule import Schedule
from landrail.localaws.services.config.snapshots import Snapshots
from landrail.localaws.services.config.tags import Tags
from landrail.localaws.store.beginner import beginner
from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.tables import Tables

_log = logging.getLogger(__name__)
_LOOK = 60.0
"""Seconds between two looks at what is due by the clock."""


class Config(Answering):
    """Recording, rules, and what they found."""

    name = "config"
    owned = False
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables, blobs: Blobs) -> None:
        """Build every part."""
        del blobs
        results, records, self._backlog = Results(tables), Records(tables), Backlog(tables)
        recorders = Recorders(platform, tables)
        self._evaluator = Evaluator(
            platform, results, records, recorders, self._backlog, beginner(tables)
        )
        self._changes = Changes(results, records, recorders, self._backlog)
        self._schedule = Schedule(results, records, recorders, self._backlog)
        definitions = Definitions(results, recorders, self._backlog)
        settle = self._evaluator.settle
        self._snapshots = Snapshots(platform, tables, records, recorders, settle)
        aggregators = Aggregators(platform, results, recorders, settle)
        self.operations: Mapping[str, Operation] = {
            **recorders.operations(),
            **definitions.operations(),
            **Tags(platform, results).operations(),
            **Compliance(results, definitions, settle).operations(),
            **aggregators.operations(),
            **Aggregates(results, aggregators).operations(),
            **AggregateResources(records, aggregators).operations(),
            **Resources(records, settle).operations(),
            **Queries(records, results, aggregators, settle).operations(),
            **self._snapshots.operations(),
        }
        self._thread = threading.Thread(target=self._run, name="config", daemon=True)

    def completed(self, event: Completed) -> None:
        """Have read again what a call may have changed."""
        self._changes.heard(event.call)

    def start(self) -> None:
        """Begin to record and evaluate, with what waited when the last server ended."""
        self._backlog.load()
        self._thread.start()

    def stop(self) -> None:
        """End; what waits is kept."""
        self._backlog.end()
        if self._thread.is_alive():
            self._thread.join(timeout=10)
        self._evaluator.close()

    def _run(self) -> None:
        looked = 0.0
        while not self._backlog.ended:
            if time.monotonic() - looked >= _LOOK or not looked:
                looked = time.monotonic()
                for look in (self._schedule.look, self._snapshots.look):
                    try:
                        look(time.time())
                    except ApiError as error:
                        _log.error("what is due by the clock is done later: %s", error)
            for place in self._backlog.wait(_LOOK):
                try:
                    self._evaluator.work_off(place)
                except Exception:  # noqa: BLE001  (one account's reading must not end the others')
                    _log.exception("Config could not evaluate %s", place)
