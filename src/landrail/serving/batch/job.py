"""The run inside a processing job of SageMaker, where files lie as the step `batch` asks for it.

Below `/opt/ml/processing`: `model/model.tar.gz`, `data/`, and `earlier/` with `order.json` and what
earlier runs left on S3; `output/` goes back to the same place on S3 while the job runs. It needs no
network and no credentials.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from landrail.serving.batch.order import Order, WrongOrder
from landrail.serving.batch.run import CannotScore, Places, score, told
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema

Model = TypeVar("Model")

_MOST_MESSAGE = 1000


def run(
    load: Callable[[Path], Model],
    predict: Callable[[Model, Rows], Any],
    schema: Schema | None = None,
) -> int:
    """Score what the job was given; return its status. The reasons of a failure are the job's
    exit message."""
    base = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory() as folder:
        try:
            model = _unpacked(base / "processing" / "model", Path(folder) / "model")
            order = _order(base / "processing" / "earlier" / "order.json")
            places = _places(base, model)
            name = f"machines/{places.host}.json"
            scored = score(load, predict, order, places, schema=schema, manifest=name, say=told)
            reasons = scored.reasons
        except (CannotScore, WrongOrder) as error:
            reasons = list(error.reasons)
    for reason in reasons:
        told(reason)
    if reasons:
        file = base / "output" / "message"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("; ".join(reasons)[:_MOST_MESSAGE])
    return 1 if reasons else 0


def _places(base: Path, model: Path) -> Places:
    file = base / "config" / "resourceconfig.json"
    cluster = json.loads(file.read_text()) if file.is_file() else {}
    host = cluster.get("current_host", "algo-1")
    hosts = sorted(cluster.get("hosts", [host]), key=lambda one: (len(one), one))
    processing = base / "processing"
    return Places(
        model,
        processing / "data",
        processing / "output",
        work=processing / "work",
        earlier=processing / "earlier",
        host=host,
        machine=hosts.index(host),
        machines=len(hosts),
        job=os.environ.get("PROCESSING_JOB_ARN", ""),
    )


def _order(file: Path) -> Order:
    try:
        return Order.from_json(json.loads(file.read_text()))
    except (OSError, ValueError) as error:
        if isinstance(error, WrongOrder):
            raise
        raise CannotScore([f"`order.json` cannot be read: {error}"]) from error


def _unpacked(source: Path, target: Path) -> Path:
    target.mkdir(parents=True)
    try:
        archive = next(source.glob("*.tar.gz"))
        with tarfile.open(archive) as opened:
            opened.extractall(target, filter="data")
    except StopIteration:
        raise CannotScore(["the job was given no archive of the model"]) from None
    except (tarfile.TarError, OSError) as error:
        raise CannotScore([f"the archive of the model cannot be read: {error}"]) from error
    return target
