"""One shard, from its file to its part and record.

A thread reads, decodes and checks the next rows while these are predicted, and another writes those
before; Arrow and NumPy let go of the interpreter for that. Predicting is left to the thread that
loaded the model.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow

from landrail.serving.batch import csv_file, parquet_file
from landrail.serving.batch.order import Order
from landrail.serving.batch.parts import (
    ASIDE,
    PARTS,
    Folders,
    Sink,
    digest,
    scored,
    sink,
    write_record,
)
from landrail.serving.batch.scoring import Scorer, ShardFailed
from landrail.serving.batch.shards import Shard, Unreadable
from landrail.serving.batch.sources import Piece, Source
from landrail.serving.refusal import Refusal
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema

SOURCES: Mapping[str, Source] = {"parquet": parquet_file, "csv": csv_file}
_AHEAD = 2
Predict = Callable[[Rows], npt.NDArray[Any]]
_Checked = tuple[Piece, Rows | Refusal]
_Made = tuple[pyarrow.Table, int, npt.NDArray[Any], npt.NDArray[np.bool_]]


@dataclass(frozen=True, slots=True)
class Task:
    """A shard to score: the file's folder, what is known of its bytes, where the part goes."""

    data: Path
    shard: Shard
    input: Mapping[str, Any]
    folders: Folders


def perform(task: Task, order: Order, schema: Schema, predict: Predict) -> dict[str, Any]:
    """Score a shard, leave its part and record, and return the record; raises ShardFailed."""
    shard, folders, began = task.shard, task.folders, time.time()
    share = order.most_aside if order.errors == "aside" else 0.0
    scorer = Scorer(schema, predict, shard, int(np.ceil(share * shard.rows)))
    suffix = f".{order.writes}"
    path = task.data / shard.file
    pieces = SOURCES[order.format].read(path, shard, order, schema)
    try:
        with folders.written(PARTS, shard, suffix) as file:
            with sink(file, order.writes) as writer:
                _write_behind(writer, _made(_ahead(_checked(pieces, schema)), scorer))
            size, sha256 = file.stat().st_size, digest(file)
    except (Unreadable, pyarrow.ArrowException, OSError) as error:
        raise ShardFailed([str(error)]) from error
    record = {
        **identity(task.input, order),
        **asdict(shard),
        "part": f"{PARTS}/{shard.name}{suffix}",
        "bytes": size,
        "sha256": sha256,
        "aside": len(scorer.aside),
        "began": began,
        "ended": time.time(),
    }
    if scorer.aside:
        with folders.written(ASIDE, shard, ".jsonl") as file:
            file.write_text("".join(_aside(shard, *one) for one in scorer.aside.items()))
        record["aside_file"] = f"{ASIDE}/{shard.name}.jsonl"
    write_record(folders, shard, record)
    return record


def identity(given: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """Return what a record must say to count: the bytes read and the order."""
    return {"input_bytes": given["bytes"], "input_crc32": given["crc32"], "order": order.digest}


def _aside(shard: Shard, row: int, reasons: tuple[str, ...]) -> str:
    return json.dumps({"file": shard.file, "row": row, "reasons": list(reasons)}) + "\n"


def _checked(pieces: Iterator[Piece], schema: Schema) -> Iterator[_Checked]:
    for piece in pieces:
        try:
            yield piece, schema.check(piece.rows)
        except Refusal as error:
            yield piece, error


def _made(pieces: Iterator[_Checked], scorer: Scorer) -> Iterator[_Made]:
    """Yield what `scored` makes the output of; rows that none was predicted of wait until it is
    known how others look. A shard without rows has an output without rows."""
    first = scorer.shard.first
    waiting: list[tuple[Piece, int]] = []
    like: npt.NDArray[Any] | None = None
    for piece, checked in pieces:
        made, refused = scorer.score(piece.rows, checked, first)
        if made is None:
            waiting.append((piece, first))
        else:
            like = made[:0]
            yield from _refused(waiting, like)
            waiting.clear()
            yield piece.kept, first, made, refused
        first += piece.rows.count
    if waiting:
        yield from _refused(waiting, np.zeros(0) if like is None else like)
    if not scorer.shard.rows:
        yield pyarrow.table({}), first, np.zeros(0), np.zeros(0, dtype=np.bool_)


def _refused(waiting: list[tuple[Piece, int]], like: npt.NDArray[Any]) -> Iterator[_Made]:
    for piece, first in waiting:
        count = piece.rows.count
        nothing = np.zeros((count, *like.shape[1:]), dtype=like.dtype)
        yield piece.kept, first, nothing, np.ones(count, dtype=np.bool_)


def _write_behind(writer: Sink, made: Iterator[_Made]) -> None:
    with ThreadPoolExecutor(1, "writer") as thread:
        waiting: deque[Future[None]] = deque()
        for one in made:
            waiting.append(thread.submit(lambda one: writer.write_table(scored(*one)), one))
            if len(waiting) > _AHEAD:
                waiting.popleft().result()
        for last in waiting:
            last.result()


@dataclass
class _Reader:
    """Reads in a thread of its own, a few pieces ahead."""

    pieces: Iterator[_Checked]
    taken: queue.Queue[_Checked | Exception | None] = field(
        default_factory=lambda: queue.Queue(_AHEAD)
    )
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        last: Exception | None = None
        try:
            for piece in self.pieces:
                if not self._give(piece):
                    return
        except Exception as error:  # noqa: BLE001 - it is raised where the pieces are taken
            last = error
        self._give(last)

    def _give(self, what: _Checked | Exception | None) -> bool:
        while not self.ended.is_set():
            try:
                self.taken.put(what, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False


def _ahead(pieces: Iterator[_Checked]) -> Iterator[_Checked]:
    reader = _Reader(pieces)
    thread = threading.Thread(target=reader.run, name="reader", daemon=True)
    thread.start()
    try:
        while (got := reader.taken.get()) is not None:
            if isinstance(got, Exception):
                raise got
            yield got
    finally:
        reader.ended.set()
        thread.join()
