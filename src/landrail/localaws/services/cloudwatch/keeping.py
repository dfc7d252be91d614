"""Makes what was put durable each second, and lets go of what is older than it is kept."""

from __future__ import annotations

import logging
import threading
import time

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudwatch.metrics import Register
from landrail.localaws.services.cloudwatch.series import LONGEST, Series

_EACH = 1.0
_SWEPT = 600.0
_JOIN = 5.0
_log = logging.getLogger(__name__)


class Keeping:
    """One thread, which sleeps while nothing is put."""

    def __init__(self, register: Register, series: Series) -> None:
        self._register = register
        self._series = series
        self._waiting = threading.Event()
        self._ended = threading.Event()
        self._swept = 0.0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._thread = threading.Thread(target=self._run, name="metrics", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end."""
        self._ended.set()
        self._waiting.set()
        if self._thread is not None:
            self._thread.join(timeout=_JOIN)

    def changed(self) -> None:
        """Something was put."""
        self._waiting.set()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._waiting.wait()
            self._ended.wait(_EACH)
            self._waiting.clear()
            try:
                self._register.keep()
                self._series.flush()
                self._sweep(time.time())
            except ApiError as error:
                _log.error("metrics are not kept yet: %s", error)
                self._waiting.set()

    def _sweep(self, now: float) -> None:
        if now - self._swept < _SWEPT:
            return
        self._swept = now
        for metric, last in list(self._register.all()):
            if self._ended.is_set():
                return
            left = self._series.forget(metric.key, now)
            if not left and now - last > LONGEST:
                self._register.forget(metric)
