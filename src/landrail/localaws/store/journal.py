"""The journal: every request that changed the store, with its time and its dice.

Written before the request is performed, and taken out again where it is refused; replayed at
start, in order, it brings the same state back. Bodies are kept as blobs by their digest. SQLite, so
that a kill in the middle of a write loses nothing that was answered.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landrail.localaws.store.blobs import Blobs
from landrail.localaws.store.bodies import INLINE
from landrail.localaws.store.snapshots import Point

_BLOB = re.compile(r'"\$blob": "([0-9a-f]{64})"')


@dataclass(frozen=True, slots=True)
class Entry:
    """One request as it was performed; `seed` is what the dice were set to, `at` the clock, `once`
    the name under which it is performed at most once."""

    account: str
    region: str
    service: str
    operation: str
    params: Mapping[str, Any]
    access_key_id: str
    at: float
    seed: int
    once: str = ""


@contextmanager
def _as_os_error() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(f"the journal cannot be written: {error}") from error


class Journal:
    """The journal of one state folder."""

    def __init__(self, path: Path, blobs: Blobs) -> None:
        self._blobs = blobs
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS requests (number INTEGER PRIMARY KEY, account TEXT, "
            "region TEXT, service TEXT, operation TEXT, params TEXT, access_key TEXT, at REAL, "
            "seed TEXT, once TEXT)"
        )
        self._connection.execute(
            "CREATE INDEX IF NOT EXISTS parts ON requests (number) WHERE operation = 'UploadPart'"
        )

    def append(self, entry: Entry) -> int:
        """Write an entry down and return its number; raises OSError where it cannot be."""
        row = (
            entry.account,
            entry.region,
            entry.service,
            entry.operation,
            json.dumps(plain(entry.params, self._blobs)),
            entry.access_key_id,
            entry.at,
            str(entry.seed),
            entry.once,
        )
        with self._lock, _as_os_error():
            number = self._connection.execute(
                "INSERT INTO requests (account, region, service, operation, params, access_key, "
                "at, seed, once) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
        assert number is not None  # a table with an integer key
        return number

    def take_out(self, number: int) -> None:
        """Remove an entry that came to nothing; raises OSError where it cannot be."""
        with self._lock, _as_os_error():
            self._connection.execute("DELETE FROM requests WHERE number = ?", (number,))

    def forget_parts(self, upload: str) -> None:
        """Remove the parts of an upload that was aborted: nothing comes of them any more."""
        with self._lock, _as_os_error():
            self._connection.execute(
                "DELETE FROM requests WHERE operation = 'UploadPart' AND instr(params, ?) > 0",
                (json.dumps({"UploadId": upload})[1:-1],),
            )

    def blobs(self) -> set[str]:
        """Return the digests of all bodies that entries refer to."""
        rows = self._connection.execute(
            "SELECT params FROM requests WHERE instr(params, '$blob') > 0"
        )
        return {digest for (params,) in rows for digest in _BLOB.findall(params)}

    def last(self) -> Point | None:
        """Return where the journal ends, None where it has not begun."""
        with self._lock:
            row = self._connection.execute("SELECT MAX(number) FROM requests").fetchone()
        return None if row[0] is None else self._point(row[0])

    def has(self, point: Point) -> bool:
        """Say whether the journal has this entry."""
        return self._point(point.number) == point

    def _point(self, number: int) -> Point:
        with self._lock:
            row = self._connection.execute(
                "SELECT * FROM requests WHERE number = ?", (number,)
            ).fetchone()
        return Point(number, hashlib.sha256(repr(row).encode()).hexdigest())

    def sync(self) -> None:
        """Bring everything that was appended down to the disk; raises OSError."""
        with self._lock, _as_os_error():
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """Yield the entries after a number, oldest first."""
        rows = self._connection.execute(
            "SELECT account, region, service, operation, params, access_key, at, seed, once "
            "FROM requests WHERE number > ? ORDER BY number",
            (after,),
        )
        for account, region, service, operation, params, key, at, seed, once in rows:
            yield Entry(
                account,
                region,
                service,
                operation,
                self._read(json.loads(params)),
                key,
                at,
                int(seed),
                once,
            )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def _read(self, value: Any) -> Any:
        if isinstance(value, dict):
            if len(value) == 1:
                ((key, item),) = value.items()
                if key == "$time":
                    return datetime.fromisoformat(item)
                if key == "$blob":
                    return self._blobs.get(item)
                if key == "$bytes":
                    return base64.b64decode(item)
            return {key: self._read(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._read(item) for item in value]
        return value


def plain(value: Any, blobs: Blobs | None = None) -> Any:
    """Return parameters as JSON can hold them; large bodies go to `blobs`, if given."""
    if isinstance(value, Mapping):
        return {str(key): plain(item, blobs) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, blobs) for item in value]
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return {"$time": aware.isoformat()}
    if isinstance(value, bytes | bytearray):
        if blobs is not None and len(value) > INLINE:
            return {"$blob": blobs.put(bytes(value))}
        return {"$bytes": base64.b64encode(value).decode()}
    return value
