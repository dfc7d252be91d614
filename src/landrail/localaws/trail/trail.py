"""The trail: one JSON line for every call, allowed or not, found by event id and by account.

Entries have the shape of CloudTrail's records, with a `landrail` member for the decision. Lines
are only ever appended, each with one write; secrets never get here (`masked`). A place in the trail
is an offset in its file.
"""

from __future__ import annotations

import json
import os
import re
import threading
from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

_HEAD = re.compile(rb'{"eventID":"([^"]+)","accounts":\[([^\]]*)\]')
_CHUNK = 1 << 20
_DENIED = (b'"decision":"EXPLICIT_DENY"', b'"decision":"IMPLICIT_DENY"', b'"decision":"Deny"')
_DENIALS = 1000
_LONGEST_LINE = 1 << 16


class Trail:
    """The trail of one state folder."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._offsets: dict[str, int] = {}
        self._of_account: dict[str, array[int]] = defaultdict(lambda: array("Q"))
        self._denials: deque[int] = deque(maxlen=_DENIALS)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._size = 0
        self._index(path)

    def _index(self, path: Path) -> None:
        line = b"\n"
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    self._note(line, self._size)
                self._size += len(line)
        if not line.endswith(b"\n"):
            # A line cut short by a kill: end it, so that the next one stands alone.
            self._size += os.write(self._file, b"\n")

    def _note(self, line: bytes, offset: int) -> None:
        if any(mark in line for mark in _DENIED):
            self._denials.append(offset)
        head = _HEAD.match(line)
        if head is not None:
            accounts = head[2].replace(b'"', b"").decode().split(",")
            self._place(head[1].decode(), accounts, offset)
            return
        entry = _read(line)
        if entry is not None and "eventID" in entry:
            self._place(str(entry["eventID"]), accounts_of(entry), offset)

    def _place(self, event_id: str, accounts: Iterable[str], offset: int) -> None:
        self._offsets[event_id] = offset
        for account in accounts:
            if account:
                self._of_account[account].append(offset)

    def append(self, entry: Mapping[str, Any]) -> None:
        """Write an entry: its `eventID`, which must be its own, and `accounts` come first."""
        line = json.dumps(entry, default=str, separators=(",", ":")).encode() + b"\n"
        with self._lock:
            self._place(str(entry["eventID"]), entry["accounts"], self._size)
            if any(mark in line for mark in _DENIED):
                self._denials.append(self._size)
            os.write(self._file, line)
            self._size += len(line)

    @property
    def size(self) -> int:
        """The place after the last entry."""
        return self._size

    def find(self, event_id: str) -> dict[str, Any] | None:
        """Return the entry of an event id, or of the only one that begins so; else None."""
        with self._lock:
            offset = self._offsets.get(event_id)
            if offset is None:
                found = [at for known, at in self._offsets.items() if known.startswith(event_id)]
                offset = found[0] if len(found) == 1 else None
        return None if offset is None else _read(self._line(offset))

    def of_account(self, account: str, holding: bytes = b"") -> Iterator[dict[str, Any]]:
        """Yield the entries that an account sees, newest first; `holding` leaves out lines that
        do not have this text, which is faster than to read them."""
        with self._lock:
            offsets = self._of_account.get(account, array("Q"))
            count = len(offsets)
        for number in range(count - 1, -1, -1):
            line = self._line(offsets[number])
            if holding in line:
                entry = _read(line)
                if entry is not None:
                    yield entry

    def denials(self) -> Iterator[dict[str, Any]]:
        """Yield the latest entries of denied calls, of all accounts, newest first."""
        with self._lock:
            offsets = list(self._denials)
        for offset in reversed(offsets):
            entry = _read(self._line(offset))
            if entry is not None:
                yield entry

    def lines(self, start: int, end: int) -> Iterator[tuple[int, bytes]]:
        """Yield the lines from one place to another, each with the place after it."""
        rest, at = b"", start
        while at < end:
            read = os.pread(self._file, min(_CHUNK, end - at), at)
            if not read:
                return
            at += len(read)
            *whole, rest = (rest + read).split(b"\n")
            place = at - len(rest) - sum(len(line) + 1 for line in whole)
            for line in whole:
                place += len(line) + 1
                yield place, line

    def _line(self, offset: int) -> bytes:
        length = _LONGEST_LINE
        while True:
            read = os.pread(self._file, length, offset)
            line, newline, _ = read.partition(b"\n")
            if newline or len(read) < length:
                return line
            length *= 4

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            os.close(self._file)


def accounts_of(entry: Mapping[str, Any]) -> list[str]:
    """Return the accounts that see an entry: where it acted, and whose caller it was."""
    caller = entry.get("userIdentity", {}).get("accountId")
    both = dict.fromkeys((entry.get("recipientAccountId"), caller))
    return [account for account in both if isinstance(account, str) and account.isdigit()]


def _read(line: bytes) -> dict[str, Any] | None:
    """Return a line's entry; None for one that a kill cut short."""
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) else None
