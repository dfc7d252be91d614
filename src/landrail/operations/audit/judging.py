"""The rules over the inventory: one statement, a filter a check, run over Parquet files.

The same predicates go to Athena, in one statement over tables of the same names. Here it is run
in two steps: the filters yield where in its file a row stands, so that they read the columns that
they name and no others, and then the rows that were found are read once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from landrail.aws.collecting import Unread
from landrail.operations.audit.scope import Check
from landrail.operations.audit.storing import ROW, database, source
from landrail.operations.audit.unjudged import judgeable
from landrail.rules.sql import FOUND, literal, select

_BATCH = 10_000
_HITS = "hits"
Found = tuple[str, ...]
"""A row of the statement: the label of its check, then the columns of `FOUND` after the rule."""


def statement(
    checks: Sequence[Check],
    audited: Collection[str],
    columns: Iterable[str] = FOUND[1:],
    unread: Sequence[Unread] = (),
) -> str:
    """Return the SQL that finds what any of the checks finds, each in its accounts, but in rows
    that lack what it asks for."""
    listed = tuple(columns)
    return "\nUNION ALL\n".join(_select(check, audited, listed, unread) for check in checks)


def judge(
    folder: Path, checks: Sequence[Check], audited: Collection[str], unread: Sequence[Unread] = ()
) -> Iterator[Found]:
    """Yield what is wrong in the inventory of a folder."""
    if not checks:
        return
    labels: dict[str, list[str]] = {}
    for check in checks:
        labels.setdefault(check.rule.table, []).append(check.label)
    engine = database(folder)
    try:
        for name in labels:
            engine.execute(f"CREATE VIEW {name} AS SELECT * FROM {source(folder, name)}")
        where = statement(checks, audited, (ROW,), unread)
        engine.execute(f"CREATE TEMP TABLE {_HITS} AS {where}")
        columns = ", ".join(FOUND[1:])
        for name, of_table in labels.items():
            listed = ", ".join(literal(label) for label in of_table)
            found = engine.execute(
                f"SELECT {_HITS}.rule, {columns} FROM {_HITS} JOIN {name} USING ({ROW}) "
                f"WHERE {_HITS}.rule IN ({listed})"
            )
            while rows := found.fetchmany(_BATCH):
                yield from rows
    finally:
        engine.close()


def _select(
    check: Check, audited: Collection[str], columns: Iterable[str], unread: Sequence[Unread]
) -> str:
    table, only = check.rule.table, []
    if not check.accounts.issuperset(audited):
        listed = ", ".join(literal(account) for account in sorted(check.accounts))
        only.append(f"account_id IN ({listed})")
    if condition := judgeable(check, unread):
        only.append(condition)
    within = f"(SELECT * FROM {table} WHERE {' AND '.join(only)}) AS {table}" if only else ""
    return select(check.rule, check.parameters, within, check.label, columns)
