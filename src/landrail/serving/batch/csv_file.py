"""Files of CSV: cut at line breaks, read by Arrow with the types of the schema.

A shard that Arrow cannot read so, because a value is not of its column's type, is read again as
text, as the server reads a request, so that the schema names the row. A compressed file is one
shard: its middle cannot be found without its beginning.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyarrow
from pyarrow import csv

from landrail.serving.batch.lines import Cuts, OpenQuote, cut, first_row
from landrail.serving.batch.order import Order
from landrail.serving.batch.shards import LARGEST, Shard, Unreadable, of_runs
from landrail.serving.batch.sources import Piece, columns_kept, missing, said
from landrail.serving.formats import csv_body
from landrail.serving.formats.tables import of_table
from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows, Values
from landrail.serving.schema import Schema

_TYPES = {
    "number": pyarrow.float64(),
    "integer": pyarrow.int64(),
    "boolean": pyarrow.bool_(),
    "string": pyarrow.string(),
}
_BLOCK = 4 << 20


class _NotTyped(Exception):
    """Something in the shard is not of its column's type."""


def look(path: Path, name: str, order: Order, schema: Schema) -> list[Shard]:
    """Return the shards of a file; raises Unreadable."""
    if not schema.columns:
        raise Unreadable(
            f"{name}: CSV has no types, and this model has no `schema.json` that says them"
        )
    if not path.stat().st_size:
        raise Unreadable(f"{name}: the file is empty, 0 bytes, without even a header")
    compressed = name.endswith(".gz")
    cuts = _cuts(path, name, order, LARGEST if compressed else order.shard_rows)
    names = _names(path, name, order, schema)
    columns_kept(name, names, order)
    others = [one for one in names if one not in schema.names]
    wrong = [missing(one, others) for one in schema.names if one not in names]
    if wrong:
        raise Unreadable(said(name, wrong))
    return of_runs(name, cuts.runs or [(cuts.header, cuts.header, 0)])


def read(path: Path, shard: Shard, order: Order, schema: Schema) -> Iterator[Piece]:
    """Yield the rows of a shard; raises Unreadable."""
    if not shard.rows:
        return
    names = _names(path, shard.file, order, schema)
    kept = columns_kept(shard.file, names, order)
    done = 0
    try:
        for piece in _typed(path, shard, order, schema, names, kept):
            yield piece
            done += piece.rows.count
    except _NotTyped:
        # What was yielded stands; the rest is read as text.
        for piece in _texts(path, shard, order, schema, names, kept, done):
            yield piece
            done += piece.rows.count
    if done != shard.rows:
        raise Unreadable(
            f"{shard}: it has {done} rows where {shard.rows} lines end: a quote or a carriage "
            "return stands inside of a field that is not quoted"
        )


def _typed(
    path: Path,
    shard: Shard,
    order: Order,
    schema: Schema,
    names: Sequence[str],
    kept: Sequence[str],
) -> Iterator[Piece]:
    kinds = {one: pyarrow.string() for one in kept}
    kinds |= {column.name: _TYPES[column.type] for column in schema.columns}
    try:
        for table in _tables(path, shard, order, names, kinds, missing_values=True):
            yield Piece(of_table(table, schema), table.select(kept))
    except pyarrow.ArrowInvalid as error:
        raise _NotTyped from error


def _texts(
    path: Path,
    shard: Shard,
    order: Order,
    schema: Schema,
    names: Sequence[str],
    kept: Sequence[str],
    after: int,
) -> Iterator[Piece]:
    kinds = {one: pyarrow.string() for one in names}
    try:
        for table in _tables(path, shard, order, names, kinds, missing_values=False):
            if after >= table.num_rows:
                after -= table.num_rows
                continue
            rest, after = table.slice(after), 0
            columns: dict[str, Values] = {
                column.name: csv_body.values(rest.column(column.name).to_pylist(), column)
                for column in schema.columns
            }
            yield Piece(Rows(columns, rest.num_rows), rest.select(kept))
    except pyarrow.ArrowInvalid as error:
        raise Unreadable(f"{shard}: it is not CSV: {error}") from error


def _tables(
    path: Path,
    shard: Shard,
    order: Order,
    names: Sequence[str],
    kinds: Mapping[str, Any],
    *,
    missing_values: bool,
) -> Iterator[pyarrow.Table]:
    with _bytes(path, shard) as stream:
        reader = csv.open_csv(
            stream,
            csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=list(names)),
            csv.ParseOptions(newlines_in_values=True),
            csv.ConvertOptions(
                column_types=kinds,
                include_columns=list(kinds),
                null_values=[""] if missing_values else [],
                strings_can_be_null=missing_values,
                true_values=["true", "True", "1"],
                false_values=["false", "False", "0"],
            ),
        )
        for batch in reader:
            table = pyarrow.Table.from_batches([batch])
            for at in range(0, table.num_rows, order.batch_rows):
                yield table.slice(at, order.batch_rows)


@contextmanager
def _bytes(path: Path, shard: Shard) -> Iterator[Any]:
    """Give the bytes of a shard, without a header."""
    with _opened(path) as file:
        file.seek(shard.start)
        whole = path.suffix == ".gz"
        yield file if whole else io.BytesIO(file.read(shard.end - shard.start))


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


def _cuts(path: Path, name: str, order: Order, rows: int) -> Cuts:
    try:
        with _opened(path) as file:
            return cut(file, rows, header=order.header == "present")
    except OpenQuote:
        raise Unreadable(f"{name}: a quoted field has no end") from None
    except (OSError, EOFError) as error:
        raise Unreadable(f"{name}: it cannot be read: {error}") from error


def _names(path: Path, name: str, order: Order, schema: Schema) -> Sequence[str]:
    if order.header == "absent":
        return schema.names
    try:
        with _opened(path) as file:
            return csv_body.header(first_row(file))
    except Refusal as refused:
        raise Unreadable(said(name, refused.reasons)) from None
