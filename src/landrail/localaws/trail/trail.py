"""The trail: one JSON line for every call, allowed or not, and an index by event id.

Entries have the shape of CloudTrail's records, with a `landrail` member for the decision. Lines
are only ever appended; secrets never get here (`masked`).
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

_RECENT = 5000
_FIRST = b'{"eventID":"'


class Trail:
    """The trail of one state folder."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._offsets: dict[str, int] = {}
        self._recent: deque[bytes] = deque(maxlen=_RECENT)
        self._file = path.open("a+b")
        self._index()

    def _index(self) -> None:
        self._file.seek(0)
        offset = 0
        for line in self._file:
            if line.endswith(b"\n"):
                self._offsets[_event_id(line)] = offset
                self._recent.append(line)
            offset += len(line)
        if offset and not line.endswith(b"\n"):
            # A line cut short by a kill: end it, so that the next one stands alone.
            self._file.write(b"\n")
            self._file.flush()

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write an entry; `eventID` must be its own."""
        line = json.dumps(entry, default=str, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            self._file.seek(0, 2)
            self._offsets[str(entry["eventID"])] = self._file.tell()
            self._file.write(line)
            self._file.flush()
            self._recent.append(line)

    def find(self, event_id: str) -> dict[str, Any] | None:
        """Return the entry of an event id, or None."""
        with self._lock:
            offset = self._offsets.get(event_id)
            if offset is None:
                return None
            self._file.seek(offset)
            found: dict[str, Any] = json.loads(self._file.readline())
            return found

    def recent(self) -> Iterator[dict[str, Any]]:
        """Yield the latest entries, newest first."""
        with self._lock:
            lines = list(self._recent)
        for line in reversed(lines):
            yield json.loads(line)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._file.close()


def _event_id(line: bytes) -> str:
    """Return the id of a line; where it stands first, as it does in ours, no more is read."""
    if line.startswith(_FIRST):
        return line[len(_FIRST) : line.index(b'"', len(_FIRST))].decode()
    return str(json.loads(line)["eventID"])
