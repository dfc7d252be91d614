"""The log of a build: a local file while it runs, CloudWatch Logs under the build's role in batches
as lines come, and S3 at the end.

What came from Parameter Store or Secrets Manager, and the role's own keys, reads `***` in it.
"""

from __future__ import annotations

import gzip
import re
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from landrail.localaws.api import ApiError, Caller, Platform

EVERY = 0.5
BATCH = 1000
LINE_LIMIT = 200_000
_SHORTEST = 3


class BuildLog:
    """Lines in order; a thread sends what has gathered."""

    def __init__(self, platform: Platform, region: str, group: str, stream: str, file: Path):
        self._platform = platform
        self._region = region
        self.group = group
        self.stream = stream
        self._path = file
        self._file = file.open("a", encoding="utf-8")
        self._pending: list[dict[str, object]] = []
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._caller: Caller | None = None
        self._closed = threading.Event()
        self._hidden: re.Pattern[str] | None = None

    def hide(self, values: list[str]) -> None:
        """Let these values, and each line of them, read `***` from now on."""
        parts = {part for value in values for part in (value, *value.splitlines())}
        longest_first = sorted((p for p in parts if len(p) >= _SHORTEST), key=len, reverse=True)
        if longest_first:
            self._hidden = re.compile("|".join(map(re.escape, longest_first)))

    def hidden(self, text: str) -> str:
        """Return a text without what is hidden."""
        return self._hidden.sub("***", text) if self._hidden else text

    def open(self, caller: Caller) -> None:
        """Make group and stream as the role; raises ApiError where it may not."""
        self._make(caller, "CreateLogGroup", {"logGroupName": self.group})
        names = {"logGroupName": self.group, "logStreamName": self.stream}
        self._make(caller, "CreateLogStream", names)
        self._caller = caller
        threading.Thread(target=self._run, name=f"log {self.stream}", daemon=True).start()

    def say(self, text: str) -> None:
        """Add what CodeBuild says itself, with the time, as on AWS."""
        self.line(f"[Container] {datetime.now(UTC):%Y/%m/%d %H:%M:%S.%f} {text}")

    def line(self, text: str) -> None:
        """Add one line."""
        with self._lock:
            if self._file.closed:
                return
            shown = self.hidden(text)
            self._file.write(shown + "\n")
            self._file.flush()
            message = shown[:LINE_LIMIT] + "\n"
            self._pending.append({"timestamp": int(time.time() * 1000), "message": message})

    def compressed(self) -> bytes:
        """Return all lines so far as AWS puts them to S3."""
        with self._lock:
            return gzip.compress(self._path.read_bytes(), mtime=0)

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
                self.say(f"cannot write to CloudWatch Logs: {refused.message}")
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
