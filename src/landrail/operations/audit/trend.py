"""What changed since the last audit: findings that are new, that stand, that were put right.

A finding counts as put right only where this audit looked again; what it did not look at is carried
over as it was, so an audit of one account says nothing about the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from landrail.aws.collecting import EVERYTHING
from landrail.diagnostics import Failure
from landrail.inventory import Column
from landrail.operations.audit.finding import Finding, Key
from landrail.operations.audit.storing import Rows, database, runs, source, summary
from landrail.operations.audit.unjudged import Where

_TABLE = "standing"
_COLUMNS = (
    Column("guardrail", "text", "the guardrail"),
    Column("rule", "text", "its rule"),
    Column("account_id", "text", "the account"),
    Column("region", "text", "the region"),
    Column("resource_id", "text", "the resource"),
    Column("inventory", "text", "the table that it was found in"),
    Column("severity", "text", "how bad it is"),
    Column("first_seen", "time", "when it was found first"),
)


@dataclass(frozen=True, slots=True)
class Known:
    """A finding of an earlier audit."""

    key: Key
    table: str
    severity: str
    first_seen: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """Where an audit looked: the checks, by guardrail and rule, with their accounts, the
    accounts, regions and tables that could not be read, and what was not judged."""

    checks: Mapping[tuple[str, str], Collection[str]]
    unread: Collection[tuple[str, str, str]]
    regions: Collection[str]
    unjudged: Collection[Where] = ()

    def again(self, known: Known) -> bool:
        """Whether an earlier finding would have been found again."""
        guardrail, rule, account, region, resource = known.key
        tables = (known.table, "*")
        return (
            account in self.checks.get((guardrail, rule), ())
            and region in self.regions
            and not any((account, region, table) in self.unread for table in tables)
            and not any((*known.key[:4], one) in self.unjudged for one in (resource, EVERYTHING))
        )


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier audit, for the trend: when, and how many findings of each severity."""

    began: datetime
    counts: Mapping[str, int]
    partial: bool = False


def last_known(state: Path) -> dict[Key, Known]:
    """Return what stood after the last audit; raises Failure where that cannot be read."""
    whole = [run for run in runs(state) if (run / _TABLE).is_dir()]
    if not whole:
        return {}
    names = ", ".join(column.name for column in _COLUMNS)
    try:
        engine = database(whole[-1])
        rows = engine.execute(f"SELECT {names} FROM {source(whole[-1], _TABLE)}").fetchall()
    except duckdb.Error as error:
        remedy = "remove that folder and audit again"
        raise Failure(f"the audit in `{whole[-1]}` cannot be read: {error}", remedy) from error
    found = [Known(row[:5], row[5], row[6], row[7].replace(tzinfo=UTC)) for row in rows]
    return {known.key: known for known in found}


def with_history(findings: Iterable[Finding], before: Mapping[Key, Known]) -> list[Finding]:
    """Return the findings, those that stood before with the time they were first seen."""
    return [
        replace(finding, state="standing", first_seen=before[finding.key].first_seen)
        if finding.key in before
        else finding
        for finding in findings
    ]


def put_right(
    findings: Iterable[Finding], before: Mapping[Key, Known], looked: Looked
) -> tuple[Known, ...]:
    """Return the earlier findings that are no more."""
    now = {finding.key for finding in findings}
    return tuple(k for k in before.values() if k.key not in now and looked.again(k))


def save_standing(
    folder: Path,
    findings: Iterable[tuple[Finding, str]],
    before: Mapping[Key, Known],
    looked: Looked,
) -> None:
    """Write down what stands now, each finding with its table: this audit's, and what it did not
    look at."""
    rows: list[dict[str, Any]] = [
        _row(Known(f.key, table, f.severity, f.first_seen)) for f, table in findings
    ]
    now = {finding.key for finding, _ in findings}
    rows += [_row(k) for k in before.values() if k.key not in now and not looked.again(k)]
    writer = Rows(folder)
    writer.add(_TABLE, _COLUMNS, rows)
    writer.seal()


def past(state: Path, limit: int = 30) -> tuple[Past, ...]:
    """Return the last audits, the oldest first."""
    read = [summary(run) for run in runs(state)[-limit:]]
    return tuple(
        Past(datetime.fromisoformat(one["began"]), one["counts"], one["partial"]) for one in read
    )


def _row(known: Known) -> dict[str, Any]:
    values = (*known.key, known.table, known.severity, known.first_seen)
    return {column.name: given for column, given in zip(_COLUMNS, values, strict=True)}
