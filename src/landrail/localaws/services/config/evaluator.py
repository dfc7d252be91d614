"""Records and evaluates, table by table: in a thread of its own what waited long enough, in the
thread of who asks for results what is due for him.

What it reads it reads as the Config service, through the gateway. Where that may not read, the
evaluation status of the rules says so; what could not be seen keeps its last findings.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from landrail.inventory import Refused, Remembering, Row, Table
from landrail.inventory.catalogue import tables
from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.config.asking import Asking, Place, Realms
from landrail.localaws.services.config.backlog import Backlog, Waiting, Wanted
from landrail.localaws.services.config.judging import Judge, Verdict
from landrail.localaws.services.config.recorders import CONTINUOUS, Recorders, Recording
from landrail.localaws.services.config.records import Records
from landrail.localaws.services.config.results import Document, Results, now
from landrail.localaws.services.config.sources import (
    ACCOUNT,
    BLOCK,
    kinds,
    recorded_as,
    tables_of,
    triggers,
)
from landrail.localaws.services.config.telling import tell

_log = logging.getLogger(__name__)
_FEW = 20
"""More changed resources than this are read as a whole table."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a table: rows, of which `ids` (None: all), when, and what was refused."""

    rows: Sequence[Row]
    ids: frozenset[str] | None
    began: float
    refused: Refused | None


class Evaluator:
    """Works off a backlog."""

    def __init__(
        self,
        platform: Platform,
        results: Results,
        records: Records,
        recorders: Recorders,
        backlog: Backlog,
        passed_over: str,
    ) -> None:
        """Items go to `records`, findings to `results`, changes of them to Events; nothing is said
        of the resource whose ARN is `passed_over`."""
        self._platform = platform
        self._results, self._records, self._recorders = results, records, recorders
        self._backlog = backlog
        self._passed_over = passed_over
        self._realms = Realms(platform)
        self._working = threading.Lock()
        self._turns: dict[Place, threading.Lock] = {}
        self._judge: Judge | None = None

    def settle(self, place: Place) -> None:
        """Record and evaluate now what waits of a place, and what was never read there; what is
        being worked off is waited for."""
        with self._turn(place):
            waiting = self._backlog.take(place)
            unread = {name: Wanted(daily=True) for name in self._unread(place)}
            if waiting or unread:
                self._work(place, {**unread, **waiting})

    def work_off(self, place: Place) -> None:
        """Record and evaluate what waits of a place."""
        with self._turn(place):
            waiting = self._backlog.take(place)
            if waiting:
                self._work(place, waiting)

    def close(self) -> None:
        """Let go of the engine."""
        with self._working:
            if self._judge is not None:
                self._judge.close()
                self._judge = None

    def _turn(self, place: Place) -> threading.Lock:
        return self._turns.setdefault(place, threading.Lock())

    def _work(self, place: Place, wanted: Waiting) -> None:
        with self._working:
            self._realms.forget()
            try:
                recording = self._recorders.of(place)
            except ApiError as error:
                _log.warning("Config could not ask for the recorder of %s: %s", place, error)
                return
            if recording.on:
                self._records.record(place, recording.row(place), now(), CONTINUOUS)
            rules = self._results.rules(*place)
            asking = Remembering(Asking(self._platform, place, self._realms))
            for name, one in sorted(wanted.items()):
                if name not in tables():
                    continue
                about = [rule for rule in rules if name in tables_of(rule)]
                self._table(place, asking, recording, tables()[name], one, about)
                self._backlog.done(place, name)

    def _unread(self, place: Place) -> Iterator[str]:
        try:
            recording = self._recorders.of(place)
        except ApiError:
            return
        for name, table in tables().items():
            recorded = any(recording.frequency(kind) for kind in recorded_as(table))
            if recorded and self._records.last_read(place, name) is None:
                yield name

    def _table(
        self,
        place: Place,
        asking: Remembering,
        recording: Recording,
        table: Table,
        wanted: Wanted,
        rules: Sequence[Document],
    ) -> None:
        often = {kind: recording.frequency(kind) for kind in recorded_as(table)}
        recorded = any(often.values())
        current = recording.on if table.resource_type == ACCOUNT else recorded
        at_once = current and (table.resource_type == ACCOUNT or CONTINUOUS in often.values())
        changed = wanted.is_changed and at_once
        due = [
            rule
            for rule in rules
            if ("periodic" in triggers(rule) and rule["ConfigRuleName"] in wanted.rules)
            or (
                "change" in triggers(rule)
                and current
                and (changed or wanted.daily or rule["ConfigRuleName"] in wanted.rules)
            )
        ]
        if not due and not (recorded and (changed or wanted.daily)):
            return
        reading = _read(asking, table, wanted.ids, self._passed_over)
        if recorded:
            self._record(place, table, reading, often)
        self._evaluate(place, table, reading, due)

    def _record(
        self, place: Place, table: Table, reading: Reading, often: dict[str, str | None]
    ) -> None:
        for row in reading.rows:
            kind = BLOCK if BLOCK in often else row["resource_type"]
            frequency = often.get(kind)
            if frequency is not None:
                self._records.record(
                    place, {**row, "resource_type": kind}, reading.began, frequency
                )
        if reading.refused is not None:
            return
        there = {row["resource_id"] for row in reading.rows}
        if reading.ids is None:
            self._records.drop(place, recorded_as(table), there, reading.began)
            self._records.was_read(place, table.name, reading.began)
        else:
            for kind in recorded_as(table):
                for gone in reading.ids - there:
                    self._records.gone(place, kind, gone, reading.began)

    def _evaluate(
        self, place: Place, table: Table, reading: Reading, rules: Sequence[Document]
    ) -> None:
        if not rules:
            return
        if self._judge is None:
            self._judge = Judge(self._records)
        self._judge.load(table, reading.rows)
        for rule in rules:
            verdicts = list(self._judge.verdicts(rule, reading.rows))
            self._keep(place, rule, verdicts, reading, kinds(table))
            done: Document = {"_invoked": reading.began}
            refused = reading.refused
            if refused is None:
                done |= {"_evaluated": now(), "_error": None}
            else:
                done |= {"_failed": now(), "_error": [refused.code, refused.message]}
            self._results.note(*place, rule["ConfigRuleName"], **done)

    def _keep(
        self,
        place: Place,
        rule: Document,
        verdicts: Iterable[Verdict],
        reading: Reading,
        of_kinds: tuple[str, ...],
    ) -> None:
        name = rule["ConfigRuleName"]
        before = {
            (found["type"], found["resource"]): found
            for found in self._results.findings(*place, name)
        }
        for verdict in verdicts:
            old = before.pop((verdict.type, verdict.resource), None)
            if old and (old["compliance"], old["annotation"]) == (
                verdict.compliance,
                verdict.annotation,
            ):
                continue
            finding: Document = {
                "rule": name,
                "type": verdict.type,
                "resource": verdict.resource,
                "arn": verdict.arn,
                "compliance": verdict.compliance,
                "annotation": verdict.annotation,
                "ordered": reading.began,
                "recorded": now(),
            }
            self._results.record(place, finding)
            if old is None or old["compliance"] != verdict.compliance:
                tell(self._platform, place, rule, finding, old)
        if reading.refused is None:
            for kind, resource in before:
                if kind in of_kinds and (reading.ids is None or resource in reading.ids):
                    self._results.forget(place, before[kind, resource])


def _read(asking: Remembering, table: Table, ids: set[str] | None, passed_over: str) -> Reading:
    began = now()
    whole = ids is None or table.one is None or len(ids) > _FEW
    rows: list[Row] = []
    refused: Refused | None = None
    for one in [None] if whole or ids is None else sorted(ids):
        try:
            rows.extend(row for row in table.rows(asking, one) if row["arn"] != passed_over)
        except Refused as error:
            refused = error
    return Reading(rows, None if whole or ids is None else frozenset(ids), began, refused)
