"""A container's output: a file on this machine, and CloudWatch Logs under the execution role.

Logs that the role may not write are not written there, as on AWS; the file has them all.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform

_EVERY = 1.0
_BATCH = 1000
_log = logging.getLogger(__name__)


class Log:
    """Lines in their order, sent on each second by a thread of their own."""

    def __init__(
        self,
        platform: Platform,
        caller: Callable[[], Caller],
        region: str,
        group: str,
        stream: str,
        file: Path,
    ) -> None:
        """`caller` gives the role's session at the time of sending."""
        self._platform, self._caller, self._region = platform, caller, region
        self._names = {"logGroupName": group, "logStreamName": stream}
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file.open("ab", buffering=0)
        self._lacks = False
        self._lock = threading.Lock()
        self._pending: list[dict[str, Any]] = []
        self._made = False
        self._closed = threading.Event()
        self._sender = threading.Thread(target=self._run, name=f"log {stream}", daemon=True)
        self._sender.start()

    @property
    def stream(self) -> str:
        """The log stream's name."""
        return self._names["logStreamName"]

    def line(self, text: str) -> None:
        """Add one line. Where the disk is full the file lacks it, and whoever says it goes on."""
        with self._lock:
            if self._closed.is_set():
                return
            try:
                self._file.write(f"{text}\n".encode())
                self._lacks = False
            except OSError as error:
                if not self._lacks:
                    _log.warning("%s lacks lines: %s", self._file.name, error)
                self._lacks = True
            if text:
                event = {"timestamp": int(time.time() * 1000), "message": text}
                self._pending.append(event)

    def close(self) -> None:
        """Send the rest and close."""
        self._closed.set()
        self._sender.join(timeout=30)
        with self._lock:
            self._file.close()

    def _run(self) -> None:
        while not self._closed.wait(_EVERY):
            self._send()
        self._send()

    def _send(self) -> None:
        with self._lock:
            batch, self._pending = self._pending, []
        with suppress(ApiError):
            for start in range(0, len(batch), _BATCH):
                self._make()
                params = {**self._names, "logEvents": batch[start : start + _BATCH]}
                self._call("PutLogEvents", params)

    def _make(self) -> None:
        if self._made:
            return
        group = {"logGroupName": self._names["logGroupName"]}
        for operation, params in (("CreateLogGroup", group), ("CreateLogStream", self._names)):
            try:
                self._call(operation, params)
            except ApiError as error:
                if error.code != "ResourceAlreadyExistsException":
                    raise
        self._made = True

    def _call(self, operation: str, params: dict[str, Any]) -> None:
        self._platform.call(self._caller(), "logs", operation, params, region=self._region)
