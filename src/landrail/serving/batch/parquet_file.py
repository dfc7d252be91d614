"""Files of Parquet: cut by row groups, read column by column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
from pyarrow import types

from landrail.serving.batch.order import Order
from landrail.serving.batch.shards import Shard, Unreadable, grouped, of_runs
from landrail.serving.batch.sources import Piece, columns_kept, missing, said
from landrail.serving.formats.tables import of_table
from landrail.serving.schema import Schema

_FITS = {
    "number": lambda kind: types.is_integer(kind) or types.is_floating(kind),
    "integer": types.is_integer,
    "boolean": types.is_boolean,
    "string": lambda kind: types.is_string(kind) or types.is_large_string(kind),
}


def look(path: Path, name: str, order: Order, schema: Schema) -> list[Shard]:
    """Return the shards of a file; raises Unreadable naming every column that does not fit."""
    if not path.stat().st_size:
        raise Unreadable(f"{name}: the file is empty, 0 bytes")
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            metadata, columns = file.metadata, file.schema_arrow
    except (pyarrow.ArrowException, OSError) as error:
        raise Unreadable(f"{name}: it is not a file of Parquet: {error}") from error
    wrong = list(_mistakes(columns, schema))
    if wrong:
        raise Unreadable(said(name, wrong))
    columns_kept(name, columns.names, order)
    sizes = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    return of_runs(name, list(grouped(sizes, order.shard_rows)))


def read(path: Path, shard: Shard, order: Order, schema: Schema) -> Iterator[Piece]:
    """Yield the rows of a shard; raises Unreadable."""
    groups = list(range(shard.start, shard.end))
    if not groups:
        return
    try:
        with pyarrow.parquet.ParquetFile(path) as file:
            there = file.schema_arrow.names
            kept = columns_kept(shard.file, there, order)
            wanted = list(dict.fromkeys([*(schema.names or there), *kept]))
            for batch in file.iter_batches(
                order.batch_rows, row_groups=groups, columns=wanted, use_threads=False
            ):
                table = pyarrow.Table.from_batches([batch])
                if table.num_rows:
                    yield Piece(of_table(table, schema), table.select(kept))
    except (pyarrow.ArrowException, OSError) as error:
        raise Unreadable(f"{shard}: it cannot be read: {error}") from error


def _mistakes(columns: Any, schema: Schema) -> Iterator[str]:
    for column in schema.columns:
        if column.name not in columns.names:
            yield missing(column.name, [n for n in columns.names if n not in schema.names])
            continue
        kind = columns.field(column.name).type
        if types.is_dictionary(kind):
            kind = kind.value_type
        if not _FITS[column.type](kind) and not types.is_null(kind):
            yield f"column `{column.name}` is {kind} in the file; the model takes {column.type}"
