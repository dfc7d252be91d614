"""A server as a project starts it: a program of its own, with a model in a folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

PROJECT = """
import json, os, time
import numpy as np
from landrail.serving import Refusal, Rows, serve

def load(folder):
    return json.loads((folder / "model.json").read_text())

def predict(model, rows):
    a = rows["a"].astype(float)
    if (a == 666).any():
        raise RuntimeError("a secret of the inside")
    if (a == 444).any():
        raise Refusal(422, ["444 is not predicted"])
    if (a == 111).any():
        return np.zeros(len(a) + 1)
    if (a == 222).any():
        return np.array([[x, x + 1] for x in a])
    if (a == 333).any():
        return np.array([f"class, {x:.0f}" for x in a], dtype=object)
    if (a == 555).any():
        time.sleep(1)
    if (a == 999).any():
        os._exit(3)
    if (a == 777).any():
        return np.full(len(a), float(os.getpid()))
    return a * model["factor"] + rows["b"].astype(float)

serve(load, predict)
"""
SCHEMA = """{"columns": [
  {"name": "a", "type": "number", "maximum": 100000},
  {"name": "b", "type": "integer"},
  {"name": "c", "type": "string", "nullable": true, "values": ["red", "green"]}
]}"""


@dataclass(frozen=True)
class Served:
    """A process that serves."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, str, bytes]:
        """Make a request; return status, content type and body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        words = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, words)
        answer = connection.getresponse()
        found = answer.status, answer.headers["Content-Type"], answer.read()
        connection.close()
        return found

    def invoke(self, body: bytes, content_type: str, **headers: str) -> tuple[int, str, bytes]:
        """Ask for predictions."""
        return self.ask("POST", "/invocations", body, Content_Type=content_type, **headers)


@pytest.fixture(scope="module")
def make_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Served]]:
    """Start servers, and end them."""
    made: list[Served] = []

    def make(schema: str | None = SCHEMA, **environment: str) -> Served:
        folder = tmp_path_factory.mktemp("served")
        (folder / "project.py").write_text(PROJECT)
        (folder / "model.json").write_text('{"factor": 10}')
        if schema:
            (folder / "schema.json").write_text(schema)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        places = {"SM_MODEL_DIR": str(folder), "SAGEMAKER_BIND_TO_PORT": str(port)}
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, str(folder / "project.py")],
                env={
                    **os.environ,
                    **places,
                    "LANDRAIL_BIND_TO_ADDRESS": "127.0.0.1",
                    **environment,
                },
                stdout=log,
                stderr=log,
            )
        served = Served(process, port, folder / "log")
        made.append(served)
        for _ in range(600):
            try:
                if served.ask("GET", "/ping")[0] == 200:
                    return served
            except OSError:
                assert process.poll() is None, served.log.read_text()
            time.sleep(0.1)
        raise AssertionError("the server does not answer")

    yield make
    for served in made:
        served.process.terminate()
        assert served.process.wait(60) in (0, -15, 3)


@pytest.fixture(scope="module")
def served(make_server: Callable[..., Served]) -> Served:
    """A server of a model with a schema."""
    return make_server()
