"""The demo's data: the real flights, joined with their weather by the example's own script."""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from landrail.diagnostics import Failure

LATE_MINUTES = 15
UNSEEN = (11, 12)
_FAST_SAMPLE = 5
"""Every fifth flight, with `--fast`."""


@dataclass(frozen=True, slots=True)
class Month:
    """One month's file as published: its header and rows, as texts."""

    number: int
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def column(self, name: str) -> list[str]:
        """Return one column."""
        at = list(self.header).index(name)
        return [row[at] for row in self.rows]


def prepare(example: Path, folder: Path, *, fast: bool) -> list[Path]:
    """Write the months' files and return them; raises Failure with the script's words."""
    command = [sys.executable, str(example / "publish.py"), str(folder)]
    command += ["--sample", str(_FAST_SAMPLE)] if fast else []
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Failure("the flights could not be prepared", ended.stderr.strip()[-500:])
    return sorted(folder.glob("*.csv.gz"))


def read_month(folder: Path, number: int) -> Month:
    """Read one month; flights that never arrived are left out, they have no truth."""
    with gzip.open(folder / f"month={number:02d}.csv.gz", "rt", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        at = header.index("arr_delay")
        return Month(number, header, [row for row in reader if row[at]])


def chunks(month: Month, size: int) -> Iterator[str]:
    """Yield the month as CSV texts with a header, at most `size` rows each."""
    for start in range(0, len(month.rows), size):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(month.header)
        writer.writerows(month.rows[start : start + size])
        yield text.getvalue()


def late(month: Month) -> list[bool]:
    """Return which flights arrived more than 15 minutes late."""
    return [float(value) > LATE_MINUTES for value in month.column("arr_delay")]


def departure_delay(month: Month) -> list[float]:
    """Return the one-column baseline: how late each left."""
    return [float(value) for value in month.column("dep_delay")]
