"""The log of a build: a local file, and CloudWatch Logs under the build's role, in batches."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from landrail.localaws.api import ApiError, Caller, Platform

EVERY = 1.0
BATCH = 1000
LINE_LIMIT = 200_000


class BuildLog:
    """Lines in order; `flush` sends what has gathered, a thread does it every second."""

    def __init__(self, platform: Platform, region: str, group: str, stream: str, file: Path):
        self._platform = platform
        self._region = region
        self.group = group
        self.stream = stream
        self._file = file.open("a", encoding="utf-8")
        self._pending: list[dict[str, object]] = []
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._caller: Caller | None = None
        self._closed = threading.Event()

    def open(self, caller: Caller) -> None:
        """Make group and stream as the role; raises ApiError where it may not."""
        self._make(caller, "CreateLogGroup", {"logGroupName": self.group})
        names = {"logGroupName": self.group, "logStreamName": self.stream}
        self._make(caller, "CreateLogStream", names)
        self._caller = caller
        threading.Thread(target=self._run, name=f"log {self.stream}", daemon=True).start()

    def line(self, text: str) -> None:
        """Add one line."""
        with self._lock:
            if self._file.closed:
                return
            self._file.write(text + "\n")
            self._file.flush()
            message = text[:LINE_LIMIT] + "\n"
            self._pending.append({"timestamp": int(time.time() * 1000), "message": message})

    def close(self) -> None:
        """Send the rest and close; raises ApiError where CloudWatch Logs refused it."""
        self._closed.set()
        try:
            self._send()
        finally:
            with self._lock:
                self._file.close()

    def _make(self, caller: Caller, operation: str, params: dict[str, str]) -> None:
        try:
            self._platform.call(caller, "logs", operation, params, region=self._region)
        except ApiError as error:
            if error.code != "ResourceAlreadyExistsException":
                raise

    def _run(self) -> None:
        while not self._closed.wait(EVERY):
            try:
                self._send()
            except ApiError as refused:
                self.line(f"[Container] cannot write to CloudWatch Logs: {refused.message}")
                return

    def _send(self) -> None:
        if self._caller is None:
            return
        with self._sending:
            while True:
                with self._lock:
                    batch, self._pending = self._pending[:BATCH], self._pending[BATCH:]
                if not batch:
                    return
                self._platform.call(
                    self._caller,
                    "logs",
                    "PutLogEvents",
                    {
                        "logGroupName": self.group,
                        "logStreamName": self.stream,
                        "logEvents": batch,
                    },
                    region=self._region,
                )
