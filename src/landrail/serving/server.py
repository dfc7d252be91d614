"""`serve`: loads the model and answers until it is told to end; several processes if asked for."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import uvicorn

from landrail.serving.app import App
from landrail.serving.rows import Rows
from landrail.serving.schema import Schema
from landrail.serving.threads import one_thread

Model = TypeVar("Model")

WORKERS = "LANDRAIL_SERVING_WORKERS"
"""How many processes serve, one where it is not set; each loads the model."""
ADDRESS = "LANDRAIL_BIND_TO_ADDRESS"
"""The address to listen on: every address of the container where it is not set, as SageMaker wants;
the local AWS sets the loopback."""
BATCH = "LANDRAIL_BATCH"
"""Where it is set, `serve` scores the files of a batch job and ends."""
_PORT = "SAGEMAKER_BIND_TO_PORT"
_BACKLOG = 2048


def serve(
    load: Callable[[Path], Model],
    predict: Callable[[Model, Rows], Any],
    *,
    schema: Schema | None = None,
    workers: int | None = None,
) -> None:
    """Serve a model by SageMaker's contract, on port 8080 or the one that it says.

    `load` is given the folder of the model (`SM_MODEL_DIR`, `/opt/ml/model`). `predict` returns an
    array (rows,) or (rows, values); each row by itself, for rows of several requests come together.
    The schema is that of `schema.json` in the folder, if it is there and none is given. Returns
    once a SIGTERM or SIGINT came and all requests are answered. In a batch job it scores the job's
    files by the same functions instead, and ends the process.
    """
    if os.environ.get(BATCH):
        # What serves needs no Parquet, and is loaded without it.
        from landrail.serving.batch.job import run

        sys.exit(run(load, predict, schema))
    listening = _listen()
    count = workers if workers is not None else int(os.environ.get(WORKERS) or 1)
    if count > 1:
        _supervise(count, lambda: _run(listening, load, predict, schema))
    else:
        _run(listening, load, predict, schema)


def _run(
    listening: socket.socket,
    load: Callable[[Path], Model],
    predict: Callable[[Model, Rows], Any],
    schema: Schema | None,
) -> None:
    folder = Path(os.environ.get("SM_MODEL_DIR", "/opt/ml/model"))
    model = load(folder)
    one_thread()
    if schema is None:
        file = folder / "schema.json"
        schema = Schema.read(file) if file.exists() else Schema()
    app = App(lambda rows: predict(model, rows), schema)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=30,
        timeout_keep_alive=75,
    )
    uvicorn.Server(config).run(sockets=[listening])


def _listen() -> socket.socket:
    # The protocol is named so that asyncio sends small answers at once (TCP_NODELAY).
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((os.environ.get(ADDRESS, "0.0.0.0"), int(os.environ.get(_PORT) or 8080)))
    made.listen(_BACKLOG)
    made.setblocking(False)
    return made


def _supervise(count: int, run: Callable[[], None]) -> None:
    """Keep `count` processes running until told to end; one that dies is made anew."""
    children: set[int] = set()
    ending = False

    def end(number: int, _: FrameType | None) -> None:
        nonlocal ending
        ending = True
        for child in children:
            os.kill(child, number)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while children or not ending:
        while len(children) < count and not ending:
            children.add(_child(run))
        child, status = os.wait()
        children.discard(child)
        if not ending:
            sys.stderr.write(f"a serving process ended with {status}; it is made anew\n")


def _child(run: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    status = 1
    try:
        run()
        status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)
