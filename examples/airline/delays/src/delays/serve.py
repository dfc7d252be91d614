"""The serving contract: `GET /ping` and `POST /invocations`, CSV with a header in, scores out.

The answer is one score a line, in the order of the rows: the chance of arriving late.
"""

import io
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import joblib
import numpy as np
import pandas as pd

from delays import features, folders


def main() -> None:
    """The container's `serve`."""
    Handler.model = joblib.load(folders.model() / "model.joblib")
    port = int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


class Handler(BaseHTTPRequestHandler):
    """One request; the model is loaded once and shared."""

    protocol_version = "HTTP/1.1"
    model: ClassVar[object] = None

    def do_GET(self) -> None:
        self._answer(200 if self.path == "/ping" else 404, b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path != "/invocations":
            self._answer(404, b"")
            return
        try:
            flights = pd.read_csv(io.BytesIO(body))
            scores = self.model.predict_proba(features.matrix(flights))[:, 1]
        except (KeyError, ValueError) as error:
            self._answer(400, f"cannot read the flights: {error}".encode())
            return
        text = io.StringIO()
        np.savetxt(text, scores, fmt="%.6f")
        self._answer(200, text.getvalue().encode(), "text/csv")

    def log_message(self, format: str, *args: object) -> None:
        """The platform logs invocations; a line for each ping would drown them."""

    def _answer(self, status: int, body: bytes, kind: str = "text/plain") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
