"""Files are cut into shards that are their rows, each once and in order, whatever their shape."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landrail.serving.batch import csv_file, parquet_file
from landrail.serving.batch.lines import OpenQuote, cut
from landrail.serving.batch.order import Order
from landrail.serving.batch.sources import Source
from tests.serving.scored_project import SCHEMA

SOME = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.one_of(st.just(""), st.sampled_from(["red", "green"]))
TEXTS = st.text('ab,"\n\r x', max_size=6)


def pieces(source: Source, path: Path, order: Order) -> Iterator[tuple[int, list[Any], list[Any]]]:
    """Read a file shard by shard: first row, values, what is kept."""
    shards = source.look(path, path.name, order, SCHEMA)
    assert [one.number for one in shards] == list(range(len(shards)))
    assert {one.count for one in shards} == {len(shards)}
    row = 0
    for shard in shards:
        assert shard.first == row
        for piece in source.read(path, shard, order, SCHEMA):
            assert piece.rows.count == piece.kept.num_rows <= order.batch_rows
            row += piece.rows.count
            yield shard.number, list(piece.rows["b"]), piece.kept.column("id").to_pylist()
        assert row == shard.first + shard.rows


@SOME
@given(
    sizes=st.lists(st.integers(0, 30), max_size=8),
    shard_rows=st.integers(1, 60),
    batch_rows=st.integers(1, 40),
)
def test_shards_are_the_rows_of_a_file_whatever_its_row_groups(
    sizes: list[int], shard_rows: int, batch_rows: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.parquet"
        count, start = sum(sizes), 0
        whole = pyarrow.table(
            {
                "id": list(range(count)),
                "b": [n * 3 for n in range(count)],
                "a": [float(n) for n in range(count)],
                "c": pyarrow.array(["red"] * count, pyarrow.string()),
            },
            schema=pyarrow.schema(
                {
                    "id": pyarrow.int64(),
                    "b": pyarrow.int32(),
                    "a": pyarrow.float32(),
                    "c": pyarrow.string(),
                }
            ),
        )
        with pyarrow.parquet.ParquetWriter(path, whole.schema) as writer:
            for size in sizes:
                writer.write_table(whole.slice(start, size))
                start += size
        order = Order(keep=("id",), shard_rows=shard_rows, batch_rows=batch_rows)
        found = list(pieces(parquet_file, path, order))
        assert [one for _, _, ids in found for one in ids] == list(range(count))
        assert [one for _, b, _ in found for one in b] == [n * 3 for n in range(count)]


@SOME
@given(
    rows=st.lists(st.tuples(TEXTS, st.integers(-99, 99), WORDS), max_size=40),
    ending=st.sampled_from(["\n", "\r\n"]),
    blank=st.booleans(),
    last=st.booleans(),
    bom=st.booleans(),
    packed=st.booleans(),
    shard_rows=st.integers(1, 50),
    block=st.integers(3, 64),
)
def test_shards_are_the_rows_of_a_file_of_csv_whatever_its_quotes(
    rows: list[tuple[str, int, str]],
    ending: str,
    blank: bool,
    last: bool,
    bom: bool,
    packed: bool,
    shard_rows: int,
    block: int,
) -> None:
    text = io.StringIO(newline="")
    # Python's writer leaves a carriage return without quotes, which no reader takes for one.
    quoting = csv.QUOTE_NONNUMERIC if any("\r" in one[0] for one in rows) else csv.QUOTE_MINIMAL
    writer = csv.writer(text, lineterminator=ending, quoting=quoting)
    writer.writerow(["id", "b", "c", "a"])
    for one, number, word in rows:
        writer.writerow([one, number, word, number / 2])
        if blank:
            text.write(ending)
    body = text.getvalue()
    body = body if last else body.rstrip("\r\n")
    data = (b"\xef\xbb\xbf" if bom else b"") + body.encode()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("landrail.serving.batch.lines._BLOCK", block)
        path = Path(folder) / ("x.csv.gz" if packed else "x.csv")
        path.write_bytes(gzip.compress(data) if packed else data)
        order = Order(format="csv", keep=("id",), shard_rows=shard_rows, batch_rows=7)
        found = list(pieces(csv_file, path, order))
        assert [one for _, b, _ in found for one in b] == [number for _, number, _ in rows]
        ids = [one or "" for _, _, kept in found for one in kept]
        assert ids == [one for one, _, _ in rows]


def test_a_quote_without_an_end_is_found() -> None:
    with pytest.raises(OpenQuote):
        cut(io.BytesIO(b'a,b\n"x,1\ny,2\n'), 10, header=True)
