"""Requests a second of one serving process, beside bare `predict` and BentoML.

    python benchmarks/endpoint.py [--json] [--seconds N] [--clients N] [--bentoml PYTHON]
                                  [--no-gateway]

A gradient boosting of 100 trees over 20 columns is asked for one row a request, over connections
that stay open, by a client process of its own; each waits for its answer before it asks again.
Requests a second are those of one core: requests by the CPU time of the serving processes, so that
a busy machine and the client's own cost do not count. p50 and p99 are what a client waited, and
what else the machine does is in them. `bare predict` calls the same model in a loop, row by row,
with no server; its times are of CPU.

The same program is then asked as an endpoint of a local AWS, by signed InvokeEndpoint calls.
`gateway` is the CPU of both processes, `gateway alone` that of the local AWS: HTTP and the
signature, what the call needs and the policies in force, the trail, the turn among processes, the
request to the container over a connection that stays open, and what is counted of it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import joblib
import numpy as np
from hosted import Hosted, hosted
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from landrail.serving import Schema

COLUMNS = [f"f{n}" for n in range(20)]
ROW = {name: n / 10 for n, name in enumerate(COLUMNS)}
PEER = Path(__file__).parent / "peers" / "bentoml_service.py"
PROJECT = """
import joblib
from landrail.serving import serve
NAMES = [f"f{n}" for n in range(20)]
serve(
    lambda folder: joblib.load(folder / "model.joblib"),
    lambda model, rows: model.predict_proba(rows.matrix(NAMES))[:, 1],
)
"""


@dataclass(frozen=True)
class Measured:
    """Figures of one server; times in milliseconds, CPU in microseconds a request."""

    server: str
    requests_per_second: int
    p50_ms: float
    p99_ms: float
    cpu_us_per_request: int


def train(folder: Path) -> HistGradientBoostingClassifier:
    """Train the model that all serve."""
    random = np.random.default_rng(0)
    rows = random.normal(size=(20_000, len(COLUMNS)))
    model = HistGradientBoostingClassifier(max_iter=100).fit(rows, rows[:, 0] + rows[:, 1] > 0)
    joblib.dump(model, folder / "model.joblib")
    Schema.of({name: rows[:, n] for n, name in enumerate(COLUMNS)}).write(folder)
    return model


def bare(model: HistGradientBoostingClassifier, seconds: float) -> Measured:
    """Call the model row by row."""
    row = np.array([list(ROW.values())])
    model.predict_proba(row)
    times: list[float] = []
    until = time.monotonic() + seconds
    with threadpool_limits(1):
        while time.monotonic() < until:
            began = time.process_time()
            model.predict_proba(row)
            times.append(time.process_time() - began)
    return _measured("bare predict", times, sum(times))


class _Client(asyncio.Protocol):
    """One connection that asks, waits and asks again."""

    def __init__(self, request: bytes, until: float, times: list[float], ends: Callable[[], None]):
        self._request, self._until, self._times, self._ends = request, until, times, ends
        self._answer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(self._answer.decode(errors="replace"))
        self._times.append(time.perf_counter() - self._began)
        self._answer = b""
        if time.monotonic() < self._until:
            self._ask()
        else:
            self._transport.close()
            self._ends()


def _plain(body: bytes) -> bytes:
    head = (
        "POST /invocations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _ask(port: int, request: bytes, clients: int, seconds: float) -> list[float]:
    times: list[float] = []
    left = asyncio.Semaphore(0)
    until = time.monotonic() + seconds
    loop = asyncio.get_running_loop()
    for _ in range(clients):
        await loop.create_connection(
            lambda: _Client(request, until, times, left.release), "127.0.0.1", port
        )
    for _ in range(clients):
        await left.acquire()
    return times


def asked(name: str, serving: Serving, clients: int, seconds: float) -> Measured:
    """Ask a server for the row, and measure its CPU time meanwhile."""
    request = _plain(json.dumps({"row": ROW} if serving.nested else ROW).encode())
    asyncio.run(_ask(serving.port, request, clients, 1.0))
    before = serving.cpu()
    times = asyncio.run(_ask(serving.port, request, clients, seconds))
    return _measured(name, times, serving.cpu() - before)


@dataclass(frozen=True)
class Serving:
    """A process that serves, with its children; `nested`: it wants the row by its name."""

    pid: int
    port: int
    nested: bool = False

    def cpu(self) -> float:
        """Return the CPU seconds of the process and its children."""
        return sum(_cpu(pid) for pid in (self.pid, *_children(self.pid)))


@contextmanager
def serving(
    command: Sequence[str], folder: Path, port: int, path: str, *, nested: bool = False
) -> Iterator[Serving]:
    """Start a server, wait until it is healthy, and end it."""
    environment = {
        **os.environ,
        "SM_MODEL_DIR": str(folder),
        "SAGEMAKER_BIND_TO_PORT": str(port),
        "LANDRAIL_BIND_TO_ADDRESS": "127.0.0.1",
        "OMP_NUM_THREADS": "1",  # for the peer, whose threads are its own
        "BENTOML_HOME": str(folder / "bentoml"),
        "BENTOML_DO_NOT_TRACK": "True",
    }
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        command, env=environment, stdout=log, stderr=log, start_new_session=True
    )
    try:
        _wait(process, port, path, folder / "log")
        yield Serving(process.pid, port, nested)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def through(one: Hosted, clients: int, seconds: float) -> Iterator[Measured]:
    """Ask the endpoint of a local AWS; the CPU of all, and of the local AWS alone."""
    port = int(one.endpoint.rpartition(":")[2])
    request = one.request(json.dumps(ROW).encode())
    asyncio.run(_ask(port, request, clients, 1.0))
    whole = Serving(one.pid, port)
    before, alone = whole.cpu(), _cpu(one.pid)
    times = asyncio.run(_ask(port, request, clients, seconds))
    yield _measured(f"gateway, {clients} at once", times, whole.cpu() - before)
    yield _measured(f"gateway alone, {clients} at once", times, _cpu(one.pid) - alone)


def _wait(process: subprocess.Popen[Any], port: int, path: str, log: Path) -> None:
    request = f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()
    for _ in range(600):
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.sendall(request)
                if connection.recv(100).split(b" ")[1:2] == [b"200"]:
                    return
        except OSError:
            pass
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit(f"the server does not answer:\n{log.read_text()}")


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(stat.parent.name)
            found += [child, *_children(child)]
    return found


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _measured(name: str, times: list[float], cpu: float) -> Measured:
    cuts = quantiles(times, n=100)
    return Measured(
        name,
        round(len(times) / cpu),
        round(cuts[49] * 1000, 3),
        round(cuts[98] * 1000, 3),
        round(cpu / len(times) * 1e6),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def measure(clients: int, seconds: float, bentoml: str | None, gateway: bool) -> Iterator[Measured]:
    """Yield the figures of each server."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = train(folder)
        (folder / "project.py").write_text(PROJECT)
        yield bare(model, seconds)
        command = [sys.executable, str(folder / "project.py")]
        for count in (1, clients):
            with serving(command, folder, _free_port(), "/ping") as one:
                yield asked(f"landrail, {count} at once", one, count, seconds)
        if bentoml is not None:
            port = _free_port()
            words = ["-m", "bentoml", "serve", f"{PEER.stem}:Service", "--working-dir",
                     str(PEER.parent), "--host", "127.0.0.1", "--port", str(port)]  # fmt: skip
            for count in (1, clients):
                with serving([bentoml, *words], folder, port, "/livez", nested=True) as one:
                    yield asked(f"bentoml, {count} at once", one, count, seconds)
        if gateway:
            files = [path for path in folder.iterdir() if path.suffix in (".joblib", ".json")]
            with hosted(folder / "state", PROJECT.encode(), files) as local:
                for count in (1, clients):
                    yield from through(local, count, seconds)


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--bentoml", help="a Python in which BentoML is installed")
    parser.add_argument("--gateway", action=argparse.BooleanOptionalAction, default=True)
    given = parser.parse_args()
    base: Measured | None = None
    for one in measure(given.clients, given.seconds, given.bentoml, given.gateway):
        base = base or one
        if given.json:
            print(json.dumps(asdict(one)), flush=True)
            continue
        over = one.cpu_us_per_request - base.cpu_us_per_request
        print(
            f"{one.server:28}{one.requests_per_second:>8,} /s of a core  p50 {one.p50_ms:8.3f} ms"
            f"  p99 {one.p99_ms:8.3f} ms  CPU {one.cpu_us_per_request:>6} us ({over:+} over bare)",
            flush=True,
        )


if __name__ == "__main__":
    main()
