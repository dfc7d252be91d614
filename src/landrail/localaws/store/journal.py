"""The journal: every request that changed the store, with its time and its dice.

Appended before the answer leaves; replayed at start, in order, it brings the same state back.
Bodies are kept as blobs by their digest. SQLite, so that a kill in the middle of a write loses
nothing that was answered.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landrail.localaws.store.blobs import Blobs

_INLINE = 4096


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

    def append(self, entry: Entry) -> None:
        """Write an entry down."""
        row = (
            entry.account,
            entry.region,
            entry.service,
            entry.operation,
            json.dumps(self._written(entry.params)),
            entry.access_key_id,
            entry.at,
            str(entry.seed),
            entry.once,
        )
        with self._lock:
            self._connection.execute(
                "INSERT INTO requests (account, region, service, operation, params, access_key, "
                "at, seed, once) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def entries(self) -> Iterator[Entry]:
        """Yield all entries, oldest first."""
        rows = self._connection.execute(
            "SELECT account, region, service, operation, params, access_key, at, seed, once "
            "FROM requests ORDER BY number"
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

    def _written(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {str(key): self._written(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self._written(item) for item in value]
        if isinstance(value, datetime):
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return {"$time": aware.isoformat()}
        if isinstance(value, bytes | bytearray):
            if len(value) > _INLINE:
                return {"$blob": self._blobs.put(bytes(value))}
            return {"$bytes": base64.b64encode(value).decode()}
        return value

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
