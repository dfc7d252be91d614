"""The rules over the inventory: one statement, a filter a check, run over Parquet files.

The same statement goes to Athena, whose tables have the same names. DuckDB reads of each file the
columns that the predicates name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from landrail.operations.audit.scope import Check
from landrail.operations.audit.storing import database, source
from landrail.rules.sql import literal, select

_BATCH = 10_000
Found = tuple[str, ...]
"""A row of the statement: the label of its check, then the columns of `FOUND` after the rule."""


def statement(checks: Sequence[Check], audited: Collection[str]) -> str:
    """Return the SQL that finds what any of the checks finds, each in its accounts."""
    return "\nUNION ALL\n".join(_select(check, audited) for check in checks)


def judge(folder: Path, checks: Sequence[Check], audited: Collection[str]) -> Iterator[Found]:
    """Yield what is wrong in the inventory of a folder."""
    if not checks:
        return
    engine = database(folder)
    try:
        for name in sorted({check.rule.table for check in checks}):
            engine.execute(f"CREATE VIEW {name} AS SELECT * FROM {source(folder, name)}")
        found = engine.execute(statement(checks, audited))
        while rows := found.fetchmany(_BATCH):
            yield from rows
    finally:
        engine.close()


def _select(check: Check, audited: Collection[str]) -> str:
    table, within = check.rule.table, ""
    if not check.accounts.issuperset(audited):
        listed = ", ".join(literal(account) for account in sorted(check.accounts))
        within = f"(SELECT * FROM {table} WHERE account_id IN ({listed})) AS {table}"
    return select(check.rule, check.parameters, within, check.label)
