"""Where the rows of a file of CSV end: line breaks outside of quotes; no field is read for it.

A quoted field may hold line breaks, so the bytes are looked through from the beginning: quotes are
counted, and a line break after an even number of them ends a row (RFC 4180). Empty lines are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

_BLOCK = 8 << 20
_BREAK, _RETURN, _QUOTE = 10, 13, 34
_BOM = b"\xef\xbb\xbf"
Ends = npt.NDArray[np.int64]


class OpenQuote(ValueError):
    """The file ends inside of quotes."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """The bytes of the header (0 to `header`), and runs of (start, end, rows) after it."""

    header: int
    runs: list[tuple[int, int, int]]

    @property
    def rows(self) -> int:
        """All rows of the file."""
        return sum(rows for _, _, rows in self.runs)


def cut(file: BinaryIO, target: int, *, header: bool) -> Cuts:
    """Cut a file into runs of `target` rows; raises OpenQuote."""
    begin = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
    file.seek(0)
    runs: list[tuple[int, int, int]] = []
    start, held, waits = begin, 0, header
    end = begin
    for ends in _ends(file, begin):
        at = 0
        if waits and len(ends):
            start = begin = end = int(ends[0])
            at, waits = 1, False
        while len(ends) - at >= target - held:
            at += target - held
            end = int(ends[at - 1])
            runs.append((start, end, target))
            start, held = end, 0
        held += len(ends) - at
        if at < len(ends):
            end = int(ends[-1])
    if held:
        runs.append((start, end, held))
    return Cuts(begin if not waits else 0, runs)


def first_row(file: BinaryIO) -> bytes:
    """Return the bytes of the first row, all where it has no end."""
    for ends in _ends(file, 0):
        if len(ends):
            file.seek(0)
            return file.read(int(ends[0]))
    return b""


def _ends(file: BinaryIO, begin: int) -> Iterator[Ends]:
    """Yield where rows end, one past their line break, block by block."""
    inside, offset, row_start = False, 0, begin
    last_return = False
    while block := file.read(_BLOCK):
        bytes_ = np.frombuffer(block, np.uint8)
        found = np.flatnonzero(bytes_ == _BREAK)
        quotes = np.flatnonzero(bytes_ == _QUOTE)
        before = np.searchsorted(quotes, found) + int(inside)
        found = found[before % 2 == 0]
        inside = (int(inside) + len(quotes)) % 2 == 1
        if len(found):
            ends = found.astype(np.int64) + offset + 1
            lengths = np.diff(ends, prepend=row_start)
            returns = bytes_[np.maximum(found - 1, 0)] == _RETURN
            if found[0] == 0:
                returns[0] = last_return
            # An empty line is a line break alone, or one after a carriage return.
            yield ends[(lengths > 2) | ((lengths == 2) & ~returns)]
            row_start = int(ends[-1])
        offset += len(block)
        last_return = block[-1] == _RETURN
    if inside:
        raise OpenQuote
    if offset > row_start:
        yield np.array([offset], dtype=np.int64)
