"""Reading the inventory for an audit: all places into Parquet files, and what was not read."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landrail.aws.collecting import Listener, Place, Unread, collect
from landrail.aws.entering import Entrances
from landrail.inventory import Row, Table
from landrail.operations.audit.storing import Rows

Told = Callable[[str, str], None]
"""Hears of each table of an account that was read: the account's id, the table's name."""


@dataclass
class Gathered:
    """What was read: rows by table, what was not, and what it took."""

    rows: Counter[str] = field(default_factory=Counter)
    unread: list[Unread] = field(default_factory=list)
    calls: int = 0


def gather(
    entrances: Entrances,
    places: Sequence[Place],
    tables: Iterable[Table],
    folder: Path,
    told: Told = lambda _account, _table: None,
) -> Gathered:
    """Read all tables of all places into a folder."""
    writer, gathered, lock = Rows(folder), Gathered(), threading.Lock()
    before = entrances.connection.calls.total
    looked = tuple(tables)

    def rows(table: Table, found: Sequence[Row]) -> None:
        writer.add(table.name, table.every_column, found)
        with lock:
            gathered.rows[table.name] += len(found)

    def unread(one: Unread) -> None:
        with lock:
            gathered.unread.append(one)

    for table in looked:
        rows(table, ())
    listener = Listener(rows, unread, lambda place, name: told(place.account_id, name))
    collect(entrances, places, looked, listener)
    writer.seal()
    gathered.unread.sort()
    gathered.calls = entrances.connection.calls.total - before
    return gathered
