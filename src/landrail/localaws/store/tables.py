"""Durable documents of our own services: JSON values by tuple keys, on one SQLite file.

Not a query engine: a service keeps in a key what it lists by. Every write is durable when the
call returns, and safe under threads.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError

Key = tuple[str, ...]
_END = "\x1f"
_AFTER_END = "\x20"


class Table:
    """One named table; values are anything that JSON can hold."""

    def __init__(self, tables: Tables, name: str) -> None:
        self._tables = tables
        self._name = name

    def get(self, *key: str) -> Any:
        """Return the value at a key, or None."""
        rows = self._tables.query(
            "SELECT value FROM documents WHERE name = ? AND key = ?", (self._name, _text(key))
        )
        return json.loads(rows[0][0]) if rows else None

    def put(self, *key: str, value: Any) -> None:
        """Write a value, replacing what was there."""
        self._tables.write(
            "INSERT INTO documents (name, key, value) VALUES (?, ?, ?) "
            "ON CONFLICT (name, key) DO UPDATE SET value = excluded.value",
            (self._name, _text(key), json.dumps(value)),
        )

    def insert(self, *key: str, value: Any) -> bool:
        """Write a value where there is none; False if there is one already."""
        return (
            self._tables.write(
                "INSERT OR IGNORE INTO documents (name, key, value) VALUES (?, ?, ?)",
                (self._name, _text(key), json.dumps(value)),
            )
            > 0
        )

    def update(self, *key: str, change: Callable[[Any], Any]) -> Any:
        """Replace a value by `change(value or None)` with no other writer between; return it."""
        with self._tables.exclusive():
            value = change(self.get(*key))
            self.put(*key, value=value)
            return value

    def delete(self, *key: str) -> bool:
        """Remove a value; False if there was none."""
        return (
            self._tables.write(
                "DELETE FROM documents WHERE name = ? AND key = ?", (self._name, _text(key))
            )
            > 0
        )

    def scan(self, *prefix: str) -> Iterator[tuple[Key, Any]]:
        """Yield the keys below a prefix with their values, in the order of the keys."""
        start = "".join(part + _END for part in prefix)
        rows = self._tables.query(
            "SELECT key, value FROM documents WHERE name = ? AND key >= ? AND key < ? ORDER BY key",
            (self._name, start, start[:-1] + _AFTER_END if start else "\U0010ffff"),
        )
        for key, value in rows:
            yield tuple(key.split(_END)[:-1]), json.loads(value)

    def span(self, *prefix: str, first: str, last: str) -> Iterator[tuple[Key, Any]]:
        """Yield the keys below a prefix whose next part is from `first` to `last`, both taken,
        with their values, in the order of the keys."""
        rows = self._tables.query(
            "SELECT key, value FROM documents WHERE name = ? AND key >= ? AND key < ? ORDER BY key",
            (self._name, _text((*prefix, first)), _text((*prefix, last))[:-1] + _AFTER_END),
        )
        for key, value in rows:
            yield tuple(key.split(_END)[:-1]), json.loads(value)


class Tables:
    """All tables of one state folder."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS documents "
            "(name TEXT, key TEXT, value TEXT, PRIMARY KEY (name, key)) WITHOUT ROWID"
        )

    def table(self, name: str) -> Table:
        """Return the table of this name; by custom `SERVICE.THINGS`."""
        return Table(self, name)

    def exclusive(self) -> threading.RLock:
        """Return the lock that keeps other writers out while it is held."""
        return self._lock

    @contextmanager
    def together(self) -> Iterator[None]:
        """Keep other writers out, and make all that is written meanwhile durable at once, or none
        of it where that raises. Not to be nested."""
        with self._lock:
            self.write("BEGIN")
            try:
                yield
                self.write("COMMIT")
            finally:
                # Where there is no space left, SQLite may have gone back by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    def query(self, sql: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """Run a reading statement and return its rows."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, values: tuple[Any, ...] = ()) -> int:
        """Run a writing statement and return how many rows it touched."""
        with self._lock:
            try:
                return self._connection.execute(sql, values).rowcount
            except sqlite3.OperationalError as error:
                raise ApiError(
                    "ServiceUnavailable",
                    f"The local AWS cannot write to its state folder: {error}.",
                    503,
                ) from error

    def close(self) -> None:
        """Close the file; nothing can be read afterwards."""
        with self._lock:
            self._connection.close()


def _text(key: Key) -> str:
    if not key or any(_END in part for part in key):
        raise ValueError(f"not a key: {key!r}")
    return "".join(part + _END for part in key)
