"""Reading the inventory for an audit: all places into Parquet files, and what was not read."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from landrail.aws.collecting import Listener, Place, Unread, collect
from landrail.aws.entering import Entrances
from landrail.inventory import Realm, Row, Table
from landrail.operations.audit.recorded import Source, replay
from landrail.operations.audit.storing import Rows

Told = Callable[[str, str], None]
"""Hears of each table of an account that was read: the account's id, the table's name."""


@dataclass
class Gathered:
    """What was read: rows by table, what was not, and what it took."""

    rows: Counter[str] = field(default_factory=Counter)
    unread: list[Unread] = field(default_factory=list)
    calls: int = 0
    seconds: float = 0.0


def gather(
    entrances: Entrances,
    realm: Realm,
    places: Sequence[Place],
    tables: Mapping[Table, Collection[str] | None],
    folder: Path,
    told: Told = lambda _account, _table: None,
    recorded: Source | None = None,
) -> Gathered:
    """Read tables of all places into a folder, of each the wanted columns: from AWS, or from what
    Config recorded."""
    writer, gathered, lock = Rows(folder), Gathered(), threading.Lock()
    before, began = entrances.connection.calls.total, time.monotonic()

    def rows(table: Table, found: Sequence[Row]) -> None:
        writer.add(table.name, table.every_column, found)
        with lock:
            gathered.rows[table.name] += len(found)

    def unread(one: Unread) -> None:
        with lock:
            gathered.unread.append(one)

    for table in tables:
        rows(table, ())
    listener = Listener(rows, unread, lambda place, name: told(place.account_id, name))
    if recorded is None:
        collect(entrances, realm, places, tables, listener)
    else:
        replay(recorded, realm, places, tables, listener)
    writer.seal()
    gathered.unread.sort()
    gathered.seconds = time.monotonic() - began
    gathered.calls = entrances.connection.calls.total - before
    return gathered
