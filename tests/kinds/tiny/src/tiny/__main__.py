"""One entry point for the container: `train`, `evaluate` or `serve`; the standard library alone."""

import csv
import json
import os
import sys
import tarfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tiny import score

BASE = Path(os.environ.get("SAGEMAKER_BASE_DIR", "/opt/ml"))


def numbers(folder: Path) -> list[float]:
    """Read the numbers of a version of the data."""
    rows = csv.DictReader(next(folder.rglob("*.csv")).read_text().splitlines())
    return sorted(float(row["value"]) for row in rows)


def train() -> None:
    """Learn the border from the data and the percentage that is asked for."""
    asked = json.loads((BASE / "input/config/hyperparameters.json").read_text())
    found = numbers(Path(os.environ.get("SM_CHANNEL_TRAINING", BASE / "input/data/training")))
    border = found[len(found) * int(asked["percent"]) // 100]
    model = Path(os.environ.get("SM_MODEL_DIR", BASE / "model"))
    (model / "model.json").write_text(json.dumps({"border": border, "asked": asked}))


def evaluate() -> None:
    """Measure how many of the numbers the border tells apart as their half does."""
    with tarfile.open(next((BASE / "processing/model").glob("*.tar.gz"))) as archive:
        archive.extractall(BASE / "processing/unpacked", filter="data")
    border = json.loads((BASE / "processing/unpacked/model.json").read_text())["border"]
    found = numbers(BASE / "processing/data")
    half = found[len(found) // 2]
    right = sum((value > half) == (score(value, border) > 0) for value in found)
    output = BASE / "processing/output"
    output.mkdir(parents=True, exist_ok=True)
    metrics = {"auc": right / len(found), "baseline": 0.5}
    (output / "metrics.json").write_text(json.dumps(metrics))
    lines = [f"{value},{score(value, border)}" for value in found]
    (output / "sample.csv").write_text("\n".join(["value,expected", *lines, ""]))


class Handler(BaseHTTPRequestHandler):
    """`/ping` and `/invocations` with CSV."""

    border = 0.0

    def do_GET(self) -> None:
        self.answer(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        rows = csv.DictReader(body.splitlines())
        scores = [f"{score(float(row['value']), self.border)}\n" for row in rows]
        self.answer("".join(scores).encode())

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve() -> None:
    """Serve the model that a training left."""
    model = Path(os.environ.get("SM_MODEL_DIR", BASE / "model"))
    Handler.border = json.loads((model / "model.json").read_text())["border"]
    address = os.environ.get("LANDRAIL_BIND_TO_ADDRESS", "0.0.0.0")
    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    ThreadingHTTPServer((address, port), Handler).serve_forever()


if __name__ == "__main__":
    {"train": train, "evaluate": evaluate, "serve": serve}[sys.argv[1]]()
