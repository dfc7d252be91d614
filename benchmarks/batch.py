"""Rows a second of a batch run over row groups of Parquet, beside bare `predict`.

    python benchmarks/batch.py [--json] [--rows N] [--rounds N] [--workers N]
        [--ray PYTHON]

A gradient boosting of 100 trees over 20 columns scores N rows (4 million where nothing is said) in
files of Parquet. `bare predict` calls the model on the same rows, read beforehand, in one process
and with one thread. `landrail` is a run with one worker, and one with a worker for each core, from
its beginning to its manifest: reading, decoding, the schema's check, predicting, writing parts,
sums of all bytes, making the workers and loading the model in them. Rows a second are by the clock;
rows by CPU time, of all processes and threads, are what a machine that is busy with other things
changes least, and what is compared with bare predict. All engines are measured in turn, three
rounds, and the best of each counts. On Ray only the clock is known, and the start of its cluster is
in it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pyarrow
import pyarrow.parquet
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from landrail.serving import Rows, Schema
from landrail.serving.batch import Order, Places, score

COLUMNS = [f"f{n}" for n in range(20)]
_GROUP, _FILE = 250_000, 1_000_000
_PIECE = 16_384


@dataclass(frozen=True)
class Measured:
    """Figures of one engine."""

    engine: str
    workers: int
    rows: int
    seconds: float
    rows_per_second: int
    rows_per_cpu_second: int | None
    of_bare_predict: float | None


def load(folder: Path) -> HistGradientBoostingClassifier:
    """Read the model, as a project does."""
    return joblib.load(folder / "model.joblib")


def predict(model: HistGradientBoostingClassifier, rows: Rows) -> Any:
    """Score rows, as a project does."""
    return model.predict_proba(rows.matrix(COLUMNS))[:, 1]


def prepare(folder: Path, rows: int) -> Places:
    """Train the model and write the rows."""
    random = np.random.default_rng(0)
    seen = random.normal(size=(20_000, len(COLUMNS)))
    model = HistGradientBoostingClassifier(max_iter=100).fit(seen, seen[:, 0] + seen[:, 1] > 0)
    places = places_of(folder)
    places.model.mkdir()
    places.data.mkdir()
    joblib.dump(model, places.model / "model.joblib")
    Schema.of({name: seen[:, n] for n, name in enumerate(COLUMNS)}).write(places.model)
    for number, start in enumerate(range(0, rows, _FILE)):
        count = min(_FILE, rows - start)
        # Measurements have so many digits, as those of instruments do.
        values = np.round(random.normal(size=(count, len(COLUMNS))), 3)
        table = pyarrow.table({name: values[:, n] for n, name in enumerate(COLUMNS)})
        file = places.data / f"{number:03d}.parquet"
        pyarrow.parquet.write_table(table, file, row_group_size=_GROUP)
    return places


def bare(places: Places) -> tuple[float, float]:
    """Return seconds and CPU seconds of predicting alone."""
    model = load(places.model)
    seconds = cpu = 0.0
    with threadpool_limits(1):
        for file in sorted(places.data.glob("*.parquet")):
            table = pyarrow.parquet.read_table(file, use_threads=False)
            whole = Rows({n: np.asarray(table[n]) for n in COLUMNS}, table.num_rows)
            pieces = [whole.part(at, at + _PIECE) for at in range(0, whole.count, _PIECE)]
            began, began_cpu = time.perf_counter(), time.process_time()
            for piece in pieces:
                predict(model, piece)
            seconds += time.perf_counter() - began
            cpu += time.process_time() - began_cpu
    return seconds, cpu


def run(places: Places, engine: str, workers: int) -> tuple[float, float]:
    """Return seconds and CPU seconds of a run: from its beginning to its manifest."""
    shutil.rmtree(places.output, ignore_errors=True)
    order = Order.from_json({"engine": engine, "workers": workers, "batch_rows": _PIECE})
    before, began = _cpu(), time.perf_counter()
    document = score(load, predict, order, places).document
    seconds = time.perf_counter() - began
    if document["status"] != "Completed":
        sys.exit(json.dumps(document["failures"]))
    return seconds, _cpu() - before


def apart(python: str, folder: Path, workers: int) -> tuple[float, float]:
    """Return the seconds of a run on Ray, by a Python that has it; its processes are the cluster's,
    and their CPU time is not known here."""
    command = [python, __file__, "--on-ray", str(folder), "--workers", str(workers)]
    path = {"PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    done = subprocess.run(command, env={**os.environ, **path}, stdout=subprocess.PIPE, check=True)
    return float(done.stdout.splitlines()[-1]), 0.0


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def measured(
    engine: str, workers: int, rows: int, rounds: Sequence[tuple[float, float]], bare_cpu: float
) -> Measured:
    """Return the best figures of an engine; `bare_cpu` is what bare predict took."""
    seconds, cpu = min(s for s, _ in rounds), min(c for _, c in rounds)
    known = cpu > 0
    return Measured(
        engine,
        workers,
        rows,
        round(seconds, 2),
        int(rows / seconds),
        int(rows / cpu) if known else None,
        round(bare_cpu / cpu, 3) if known else None,
    )


def measure(given: argparse.Namespace, folder: Path) -> Iterator[Measured]:
    """Measure every engine on the same rows, in turn."""
    places = prepare(folder, given.rows)
    bares = []
    runs: dict[int, list[tuple[float, float]]] = {n: [] for n in (1, given.workers)}
    for _ in range(given.rounds):
        bares.append(bare(places))
        for workers, rounds in runs.items():
            rounds.append(run(places, "processes", workers))
    bare_cpu = min(cpu for _, cpu in bares)
    yield measured("bare predict", 1, given.rows, bares, bare_cpu)
    for workers, rounds in runs.items():
        yield measured("landrail", workers, given.rows, rounds, bare_cpu)
    if given.ray:
        used = [apart(given.ray, folder, given.workers)]
        yield measured("landrail on ray", given.workers, given.rows, used, bare_cpu)


def places_of(folder: Path) -> Places:
    """Return the folders of a run."""
    return Places(folder / "model", folder / "data", folder / "output")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rows", type=int, default=4_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--ray", metavar="PYTHON", help="a Python with the extra `ray`")
    parser.add_argument("--on-ray", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.on_ray:
        print(run(places_of(given.on_ray), "ray", given.workers)[0])
        return
    with tempfile.TemporaryDirectory() as folder:
        for one in measure(given, Path(folder)):
            print(json.dumps(asdict(one)) if given.json else one, flush=True)


if __name__ == "__main__":
    main()
