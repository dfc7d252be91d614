"""Telling the services of calls that succeeded, in order, away from the caller's thread."""

from __future__ import annotations

import logging
import queue
import threading

from landrail.localaws.api import Completed, Service
from landrail.localaws.gateway.registry import Registry

_log = logging.getLogger(__name__)


class Watchers:
    """One thread that hands each completed call to every service."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._queue: queue.SimpleQueue[Completed | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="watchers", daemon=True)

    def start(self) -> None:
        """Begin to deliver; what was told before is kept."""
        self._thread.start()

    def tell(self, event: Completed) -> None:
        """Queue a completed call."""
        self._queue.put(event)

    def stop(self) -> None:
        """Deliver what is queued and end."""
        self._queue.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while (event := self._queue.get()) is not None:
            for service in self._registry.all():
                _deliver(service, event)


def _deliver(service: Service, event: Completed) -> None:
    try:
        service.completed(event)
    except Exception:  # noqa: BLE001  (a service's bug must not silence the other services)
        _log.exception("%s could not take %s", service.name, event.call.operation)
