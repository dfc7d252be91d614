"""A run: files to shards, those that are not done yet to the workers, and what came of it told.

What an earlier run has finished is not scored again; what failed is tried again by the next.
"""

from __future__ import annotations

import base64
import json
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from landrail.serving.app import checked
from landrail.serving.batch import on_ray, processes
from landrail.serving.batch.order import Order
from landrail.serving.batch.parts import WORK, Folders, clear, done_before
from landrail.serving.batch.scoring import ShardFailed
from landrail.serving.batch.shards import Shard, Unreadable
from landrail.serving.batch.sources import found, said
from landrail.serving.batch.work import SOURCES, Task, identity, perform
from landrail.serving.refusal import MOST
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema, SchemaError

Model = TypeVar("Model")
_BLOCK = 1 << 18


class CannotScore(Exception):
    """A run that cannot begin or go on; `reasons` are all of them."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("; ".join(self.reasons))


@dataclass(frozen=True, slots=True)
class Places:
    """Folders of a run, and which of several machines this one is."""

    model: Path
    data: Path
    output: Path
    work: Path | None = None
    """Where unfinished files lie; `_work` below the output where it is not said."""
    earlier: Path | None = None
    """Where earlier runs' output lies, if not in `output`."""
    host: str = "algo-1"
    machine: int = 0
    machines: int = 1
    job: str = ""
    """The job's ARN, for whoever puts the machines' manifests together."""

    @property
    def folders(self) -> Folders:
        """Where parts go."""
        return Folders(self.output, self.work or self.output / WORK)


@dataclass
class Scored:
    """What a run did on this machine."""

    document: dict[str, Any]
    failures: list[dict[str, Any]] = field(default_factory=list)

    @property
    def reasons(self) -> list[str]:
        """Why shards failed."""
        return [reason for one in self.failures for reason in one["reasons"]]


def score(
    load: Callable[[Path], Model],
    predict: Callable[[Model, Rows], Any],
    order: Order,
    places: Places,
    *,
    schema: Schema | None = None,
    manifest: str = "manifest.json",
    say: Callable[[str], object] | None = None,
) -> Scored:
    """Score the files below `places.data`, and leave parts, records and a manifest of them below
    `places.output`; raises CannotScore where nothing can be scored. A shard that fails stops no
    other."""
    began = time.time()
    schema = _schema(places.model) if schema is None else schema
    say = say or (lambda _: None)
    shards = look(places.data, order, schema)
    mine = shards[places.machine :: places.machines]
    inputs = _Inputs(places.data, shards)
    earlier = Folders(places.earlier or places.output, places.folders.work)
    records: list[dict[str, Any]] = []
    scored = Scored({})
    clear(places.folders)

    def tasks() -> Iterator[Task]:
        for shard in mine:
            given = inputs.of(shard.file)
            before = done_before(earlier, shard, identity(given, order))
            if before is not None:
                records.append({**before, "skipped": True})
            else:
                yield Task(places.data, shard, given, places.folders)

    def prepare() -> processes.Do:
        model = load(places.model)
        rows_to_values = checked(lambda rows: predict(model, rows))
        return lambda task: perform(task, order, schema, rows_to_values)

    for task, answer in _results(tasks(), prepare, order, len(mine)):
        if isinstance(answer, ShardFailed):
            scored.failures.append(_failure(task.shard, answer))
            say(f"{task.shard} failed: {answer}")
        else:
            records.append(answer)
            seconds = answer["ended"] - answer["began"]
            say(f"{task.shard}: {task.shard.rows} rows in {seconds:.2f} s")
    clear(places.folders)
    scored.document = _document(order, places, inputs, records, scored.failures, began)
    _write(places.output / manifest, scored.document)
    return scored


def look(data: Path, order: Order, schema: Schema) -> list[Shard]:
    """Return the shards of all files; raises CannotScore with what is wrong with each of them."""
    source, shards, wrong = SOURCES[order.format], [], []
    try:
        names = found(data, order)
    except Unreadable as error:
        raise CannotScore([str(error)]) from error
    for name in names:
        try:
            shards.extend(source.look(data / name, name, order, schema))
        except Unreadable as error:
            wrong.append(str(error))
    if wrong:
        more = [f"and {len(wrong) - MOST} files more"] if len(wrong) > MOST else []
        raise CannotScore([*wrong[:MOST], *more])
    return shards


def _schema(model: Path) -> Schema:
    file = model / "schema.json"
    try:
        return Schema.read(file) if file.exists() else Schema()
    except SchemaError as error:
        raise CannotScore([said("the model", [error])]) from error


def _results(
    tasks: Iterator[Task], prepare: Callable[[], processes.Do], order: Order, most: int
) -> Iterator[processes.Result]:
    try:
        if order.engine == "ray":
            yield from on_ray.each(list(tasks), prepare, order.workers)
            return
        first = next(tasks, None)
        if first is None:
            return  # all is done: no model has to be loaded
        workers = min(order.workers or processes.cores(), most)
        yield from processes.each(_after(first, tasks), prepare, workers)
    except (processes.CannotLoad, on_ray.NoRay) as error:
        raise CannotScore([str(error)]) from error


def _after(first: Task, others: Iterator[Task]) -> Iterator[Task]:
    yield first
    yield from others


class _Inputs:
    """What is known of each file; its bytes are summed up when its first shard is near."""

    def __init__(self, data: Path, shards: Iterable[Shard]) -> None:
        self._data = data
        self._known: dict[str, dict[str, Any]] = {}
        for shard in shards:
            known = self._known.setdefault(shard.file, {"rows": 0, "shards": shard.count})
            known["rows"] += shard.rows

    def of(self, file: str) -> dict[str, Any]:
        """Return what is known of a file, with its bytes' CRC-32 as S3 writes it."""
        known = self._known[file]
        if "crc32" not in known:
            path = self._data / file
            known |= {"bytes": path.stat().st_size, "crc32": _crc32(path)}
        return known

    def files(self) -> dict[str, list[int]]:
        """Return rows and shards of every file, of this machine or another."""
        return {name: [known["rows"], known["shards"]] for name, known in self._known.items()}

    def all(self) -> list[dict[str, Any]]:
        """Return the files that this machine had shards of."""
        return [{"file": name, **k} for name, k in self._known.items() if "crc32" in k]


def _crc32(path: Path) -> str:
    # One small buffer stays in the processor's cache: the sum costs less than the reading.
    total, buffer = 0, memoryview(bytearray(_BLOCK))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            total = zlib.crc32(buffer[:count], total)
    return base64.b64encode(total.to_bytes(4, "big")).decode()


def _failure(shard: Shard, failed: ShardFailed) -> dict[str, Any]:
    return {"file": shard.file, "number": shard.number, "reasons": list(failed.reasons)}


def _document(
    order: Order,
    places: Places,
    inputs: _Inputs,
    records: list[dict[str, Any]],
    failures: list[dict[str, Any]],
    began: float,
) -> dict[str, Any]:
    outputs = sorted(records, key=lambda one: (one["file"], one["number"]))
    return {
        "status": "Failed" if failures else "Completed",
        "host": places.host,
        "job": places.job,
        "began": began,
        "ended": time.time(),
        "order": order.to_json(),
        "rows": sum(one["rows"] for one in outputs),
        "aside": sum(one["aside"] for one in outputs),
        "skipped": sum(1 for one in outputs if one.get("skipped")),
        "files": inputs.files(),
        "inputs": inputs.all(),
        "outputs": outputs,
        "failures": failures,
    }


def _write(file: Path, document: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    waiting = file.with_name(f".{file.name}")
    waiting.write_text(json.dumps(document, indent=1) + "\n")
    waiting.replace(file)


def told(line: str) -> None:
    """Say something to whoever reads the log."""
    sys.stdout.write(f"landrail: {line}\n")
    sys.stdout.flush()
