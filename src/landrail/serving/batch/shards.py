"""Shards: which rows of which file are scored together, the same however often it is asked.

A shard is a run of row groups of a file of Parquet, a run of lines of a file of CSV, or a whole
compressed file. Together the shards of a file are its rows, each once and in order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LARGEST = 2**62


class Unreadable(ValueError):
    """A file that cannot be scored; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Shard:
    """Shard `number` of the `count` of a file: `rows` rows from `first` on. `start` and `end` are
    row groups of Parquet, bytes of CSV."""

    file: str
    number: int
    count: int
    first: int
    rows: int
    start: int
    end: int

    @property
    def name(self) -> str:
        """Where its part and record lie below the output, without a suffix."""
        return f"{self.file}/{self.number:05d}"

    def __str__(self) -> str:
        return f"shard {self.number + 1} of {self.count} of {self.file}"


def of_runs(file: str, runs: Sequence[tuple[int, int, int]]) -> list[Shard]:
    """Return the shards of a file from runs of (start, end, rows) one after the other."""
    made, first = [], 0
    for number, (start, end, rows) in enumerate(runs):
        made.append(Shard(file, number, len(runs), first, rows, start, end))
        first += rows
    return made


def grouped(sizes: Sequence[int], target: int) -> Iterator[tuple[int, int, int]]:
    """Yield runs of (start, end, rows) of row groups with these sizes: as many as come nearest to
    `target` rows without passing it, one where it alone is larger."""
    start = rows = 0
    for place, size in enumerate(sizes):
        if rows and rows + size > target:
            yield start, place, rows
            start, rows = place, 0
        rows += size
    if len(sizes) > start or not sizes:
        yield start, len(sizes), rows
