"""What a shard leaves: a part with its predictions, rows that were put aside, a record of both.

Each is written under another name and renamed, the record last: what has a record is whole. A
record tells the bytes of the file that was read, the order, and the bytes that were written, so
that what does not fit any more is scored again.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow
import pyarrow.compute
import pyarrow.parquet
from pyarrow import csv, types

from landrail.serving.batch.shards import Shard
from landrail.serving.batch.sources import ROW
from landrail.serving.formats.tables import to_table

PARTS, ASIDE, RECORDS, WORK = "parts", "aside", "records", "_work"


class Sink(Protocol):
    """A writer of tables."""

    def write_table(self, table: pyarrow.Table) -> None:
        """Write the rows of a table after those before."""
        ...

    def close(self) -> None:
        """Write what is left."""
        ...


@dataclass(frozen=True, slots=True)
class Folders:
    """Where parts go, and where unfinished ones are written: beside them, on the same disk, and
    outside of what is uploaded."""

    output: Path
    work: Path

    def place(self, kind: str, shard: Shard, suffix: str) -> Path:
        """Return where a file of a shard lies."""
        return self.output / kind / f"{shard.name}{suffix}"

    @contextmanager
    def written(self, kind: str, shard: Shard, suffix: str) -> Iterator[Path]:
        """Give a file to write that gets its name once the block ends well."""
        place = self.place(kind, shard, suffix)
        waiting = self.work / f"{os.getpid()}-{kind}-{shard.number}{suffix}"
        waiting.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield waiting
            place.parent.mkdir(parents=True, exist_ok=True)
            with waiting.open("rb") as file:
                os.fsync(file.fileno())
            _move(waiting, place)
        finally:
            waiting.unlink(missing_ok=True)


def _move(waiting: Path, place: Path) -> None:
    try:
        waiting.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # A container's output folder may be a disk of its own.
        beside = place.with_name(f".{place.name}")
        shutil.copyfile(waiting, beside)
        beside.replace(place)


@contextmanager
def sink(path: Path, kind: str) -> Iterator[Sink]:
    """Open a writer that makes its file with the first table."""
    made = _Lazy(path, kind)
    try:
        yield made
    finally:
        made.close()


class _Lazy:
    """The columns of the output are known once something was predicted."""

    def __init__(self, path: Path, kind: str) -> None:
        self._path, self._kind = path, kind
        self._writer: Any = None

    def write_table(self, table: pyarrow.Table) -> None:
        if self._writer is None:
            make = _parquet if self._kind == "parquet" else csv.CSVWriter
            self._writer = make(self._path, table.schema)
        self._writer.write_table(table)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()


def _parquet(path: Path, schema: pyarrow.Schema) -> Any:
    # Hardly two predictions are the same: a dictionary of them costs more than all the rest.
    repeated = [one.name for one in schema if not types.is_floating(one.type) and one.name != ROW]
    encodings = {ROW: "DELTA_BINARY_PACKED"}
    return pyarrow.parquet.ParquetWriter(
        path, schema, use_dictionary=repeated, column_encoding=encodings
    )


def scored(
    kept: pyarrow.Table,
    first: int,
    predictions: npt.NDArray[Any],
    refused: npt.NDArray[np.bool_],
) -> pyarrow.Table:
    """Return the rows of the output: the row's number, what is kept, and the predictions, null for
    the rows that were refused."""
    table = to_table(predictions)
    columns = {ROW: pyarrow.array(np.arange(first, first + len(refused)))}
    columns |= {name: kept.column(name) for name in kept.column_names}
    for name in table.column_names:
        column = table.column(name)
        if refused.any():
            column = pyarrow.compute.if_else(pyarrow.array(~refused), column, None)
        columns[name] = column
    return pyarrow.table(columns)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_record(folders: Folders, shard: Shard, record: Mapping[str, Any]) -> None:
    """Leave the record of a shard: from now on it is done."""
    with folders.written(RECORDS, shard, ".json") as file:
        file.write_text(json.dumps(record, sort_keys=True) + "\n")


def done_before(earlier: Folders, shard: Shard, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the record of a shard that an earlier run has finished, None where it is not whole or
    another: of other bytes, or another order. `wanted` is what its record must say."""
    try:
        record = json.loads(earlier.place(RECORDS, shard, ".json").read_text())
        if any(record[key] != value for key, value in wanted.items()):
            return None
        part = earlier.output / record["part"]
        if part.stat().st_size != record["bytes"] or digest(part) != record["sha256"]:
            return None
        if record["aside"] and not (earlier.output / record["aside_file"]).is_file():
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(record)


def clear(folders: Folders) -> None:
    """Drop what a killed run left unfinished."""
    shutil.rmtree(folders.work, ignore_errors=True)
