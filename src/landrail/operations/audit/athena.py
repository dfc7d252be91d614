"""The rules for Athena: the tables over an inventory that was copied to a bucket, and the statement
that finds what is wrong in them. The predicates are those that the audit runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.inventory import Table
from landrail.inventory.catalogue import tables
from landrail.operations.audit.judging import statement
from landrail.operations.audit.scope import Check, Scope
from landrail.rules.sql import literal

_TYPES = {
    "text": "string",
    "boolean": "boolean",
    "integer": "bigint",
    "time": "timestamp",
    "json": "string",
}
_LONGEST = 262_144
"""Bytes that Athena takes of one query."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """What Athena is given: one statement a table, and the queries, one if it is short enough."""

    tables: tuple[str, ...]
    queries: tuple[str, ...]


def emit(scope: Scope, location: str) -> Emitted:
    """Return the SQL of a scope over an inventory at a location (`s3://BUCKET/PREFIX`); raises
    Mistakes where that is none."""
    if not location.startswith("s3://") or len(location) <= len("s3://") or "'" in location:
        raise Mistakes(
            [Diagnostic(f"`{location}` is not a place in S3", "write s3://BUCKET/PREFIX")]
        )
    names = {check.rule.table for check in scope.checks}
    made = tuple(_table(table, location) for name, table in tables().items() if name in names)
    return Emitted(made, tuple(_queries(scope)))


def _table(table: Table, location: str) -> str:
    columns = ",\n".join(
        f"  `{c.name}` {_TYPES[c.kind]} COMMENT {_commented(c.says)}" for c in table.every_column
    )
    place = literal(f"{location.rstrip('/')}/{table.name}/")
    return (
        f"CREATE EXTERNAL TABLE IF NOT EXISTS `{table.name}` (\n{columns}\n)\n"
        f"STORED AS PARQUET\nLOCATION {place}"
    )


def _commented(text: str) -> str:
    """Return a text for Hive's DDL, which escapes by backslashes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _queries(scope: Scope) -> Iterator[str]:
    """Yield the statement, in as many parts as it takes to be taken."""
    audited = [account.account_id for account in scope.accounts]
    part: list[Check] = []
    for check in scope.checks:
        if part and len(statement([*part, check], audited).encode()) > _LONGEST:
            yield statement(part, audited)
            part = []
        part.append(check)
    if part:
        yield statement(part, audited)
