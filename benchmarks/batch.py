"""Rows a second of a batch run over row groups of Parquet, beside bare `predict`.

    python benchmarks/batch.py [--json] [--rows N] [--workers N] [--ray]

A gradient boosting of 100 trees over 20 columns scores N rows (8 million where nothing is said) in
files of Parquet. `bare predict` calls the model on the same rows, read beforehand, in one process
and with one thread. `landrail` is a run with one worker, from its beginning to its manifest: reading
and decoding, the schema's check, predicting, writing parts, sums of all bytes; the start of Python
and the loading of the model are not in it for either. `landrail, N workers` is the same on more
cores. Rows a second are by the clock; rows by CPU time, of all processes and threads, are what a
machine that is busy with other things does not change.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
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
    rows_per_cpu_second: int
    of_bare_predict: float


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
    places = Places(folder / "model", folder / "data", folder / "output")
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


def bare(places: Places, rows: int) -> tuple[float, float]:
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
    """Return seconds and CPU seconds of a run: from its first shard's beginning."""
    shutil.rmtree(places.output, ignore_errors=True)
    order = Order.from_json({"engine": engine, "workers": workers, "batch_rows": _PIECE})
    loaded = _cpu()
    began = time.perf_counter()
    document = score(load, predict, order, places).document
    seconds = time.perf_counter() - began
    if document["status"] != "Completed":
        sys.exit(json.dumps(document["failures"]))
    return seconds, _cpu() - loaded


def _cpu() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def measure(
    engine: str, workers: int, rows: int, work: Callable[[], tuple[float, float]], bare_rate: float
) -> Measured:
    """Measure an engine; `bare_rate` is rows by CPU second of bare predict, 0 for itself."""
    seconds, cpu = work()
    rate = rows / cpu if cpu else 0.0
    share = rate / bare_rate if bare_rate else 1.0
    return Measured(
        engine, workers, rows, round(seconds, 2), int(rows / seconds), int(rate), round(share, 3)
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rows", type=int, default=8_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ray", action="store_true", help="a run on Ray too (its extra)")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        places = prepare(Path(folder), given.rows)
        made = [measure("bare predict", 1, given.rows, lambda: bare(places, given.rows), 0)]
        rate = made[0].rows_per_cpu_second
        for engine, workers in (
            ("processes", 1),
            ("processes", given.workers),
            *((("ray", given.workers),) if given.ray else ()),
        ):
            work = lambda e=engine, w=workers: run(places, e, w)  # noqa: E731
            name = "landrail" if engine == "processes" else "landrail on ray"
            made.append(measure(name, workers, given.rows, work, rate))
    for one in made:
        print(json.dumps(asdict(one)) if given.json else one)


if __name__ == "__main__":
    main()
