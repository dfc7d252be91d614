"""Rules over rows, by DuckDB in memory: what is wrong, and which rows a rule was about at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from landrail.inventory import Row, Table
from landrail.rules.rule import Rule
from landrail.rules.sql import select, with_parameters

TYPES = {
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
    "integer": "BIGINT",
    "time": "TIMESTAMP",
    "json": "VARCHAR",
}
"""The SQL type of each kind of column; JSON is kept as its text, which every engine can read."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One resource that does not comply with one rule."""

    rule: str
    account_id: str
    region: str
    resource_type: str
    resource_id: str
    resource_name: str | None
    arn: str | None


def connect() -> duckdb.DuckDBPyConnection:
    """Return an empty database in memory that reaches nothing outside itself."""
    return duckdb.connect(":memory:", config={"enable_external_access": "false", "threads": "1"})


def load(database: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[Row]) -> None:
    """Make a table of rows, in place of one of the same name."""
    columns = table.every_column
    shape = ", ".join(f"{column.name} {TYPES[column.kind]}" for column in columns)
    database.execute(f"CREATE OR REPLACE TABLE {table.name} ({shape})")
    values = [[value(row.get(c.name), c.kind) for c in columns] for row in rows]
    if values:
        marks = ", ".join("?" for _ in columns)
        database.executemany(f"INSERT INTO {table.name} VALUES ({marks})", values)


def value(given: Any, kind: str) -> Any:
    """Return a value as its column keeps it: JSON as text, times in UTC without a zone."""
    if given is None:
        return None
    if kind == "json":
        return json.dumps(given, default=str, separators=(",", ":"))
    if kind == "time" and isinstance(given, int | float):
        given = datetime.fromtimestamp(given, UTC)
    if kind == "time" and isinstance(given, datetime) and given.tzinfo is not None:
        return given.astimezone(UTC).replace(tzinfo=None)
    return given


def wrong(
    database: duckdb.DuckDBPyConnection, rule: Rule, parameters: Mapping[str, str] | None = None
) -> Iterator[Finding]:
    """Yield what does not comply with a rule."""
    for row in database.execute(select(rule, parameters)).fetchall():
        yield Finding(*row)


def about(
    database: duckdb.DuckDBPyConnection, rule: Rule, parameters: Mapping[str, str] | None = None
) -> Sequence[str]:
    """Return the ids of the resources that a rule applies to."""
    applies = with_parameters(rule.applies, {**rule.parameters, **(parameters or {})})
    query = f"SELECT resource_id FROM {rule.table} WHERE {applies}"
    return [found[0] for found in database.execute(query).fetchall()]
