"""The files of a run: looked at before anything is scored, then read shard by shard."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow

from landrail.serving.batch.order import Order
from landrail.serving.batch.shards import Shard, Unreadable
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema

ROW = "row"
"""The column of the output that says which row of its file a prediction is for, from 0 on."""
_SUFFIXES = {"parquet": (".parquet", ".pq"), "csv": (".csv", ".csv.gz")}


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows that are predicted at once, and what is kept of them."""

    rows: Rows
    kept: pyarrow.Table


class Source(Protocol):
    """A module that reads one format."""

    def look(self, path: Path, name: str, order: Order, schema: Schema) -> list[Shard]:
        """Return the shards of a file; raises Unreadable for one that cannot be scored."""
        ...

    def read(self, path: Path, shard: Shard, order: Order, schema: Schema) -> Iterator[Piece]:
        """Yield the rows of a shard in their order; raises Unreadable."""
        ...


def found(folder: Path, order: Order) -> list[str]:
    """Return the files below a folder in the order of their names; raises Unreadable where there
    are none of the format."""
    every = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not any(p.startswith((".", "_")) for p in _parts(path, folder))
    )
    fitting = [name for name in every if name.endswith(_SUFFIXES[order.format])]
    if fitting:
        return fitting
    wanted = " or ".join(f"*{suffix}" for suffix in _SUFFIXES[order.format])
    others = f"; there are {', '.join(every[:5])}" if every else "; there is no file at all"
    raise Unreadable(f"there is no {wanted} to score{others}")


def _parts(path: Path, folder: Path) -> Sequence[str]:
    return path.relative_to(folder).parts


def columns_kept(name: str, there: Sequence[str], order: Order) -> list[str]:
    """Return the columns of a file that are kept; raises Unreadable."""
    kept = list(there) if "*" in order.keep else list(order.keep)
    wrong = [missing(one, there, "to keep") for one in kept if one not in there]
    if ROW in kept:
        wrong.append(f"column `{ROW}` cannot be kept: the output has one of this name")
    if wrong:
        raise Unreadable(said(name, wrong))
    return kept


def missing(column: str, there: Iterable[str], wanted: str = "") -> str:
    """Say that a column is missing, and which one may be meant."""
    near = difflib.get_close_matches(column, list(there), 1)
    advice = f"; `{near[0]}` is there" if near else ""
    return f"column `{column}`{' ' + wanted if wanted else ''} is missing{advice}"


def said(name: str, reasons: Iterable[Any]) -> str:
    """Say what is wrong with a file."""
    return f"{name}: " + "; ".join(str(reason) for reason in reasons)
