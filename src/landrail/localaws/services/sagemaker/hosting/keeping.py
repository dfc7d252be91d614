"""Processes of endpoints that have ended by themselves are replaced, as SageMaker replaces them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from landrail.localaws.services.sagemaker.fleet import CannotServe
from landrail.localaws.services.sagemaker.hosting.live import Fleet, Live

_EVERY = 1.0
_AGAIN = 15.0
_log = logging.getLogger(__name__)


class Keeper:
    """A thread that looks after all endpoints which are not just being changed."""

    def __init__(self, lives: Callable[[], Iterable[Live]], halted: threading.Event) -> None:
        """`lives` gives what runs."""
        self._lives, self._halted = lives, halted
        self._not_before: dict[int, float] = {}
        self._thread = threading.Thread(target=self._run, name="endpoint keeper", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for its end, once halted."""
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def _run(self) -> None:
        while not self._halted.wait(_EVERY):
            for live in self._lives():
                if not live.wanted and live.busy.acquire(blocking=False):
                    try:
                        self._look(live)
                    finally:
                        live.busy.release()

    def _look(self, live: Live) -> None:
        for fleet in live.fleets:
            for name, variant in fleet.variants.items():
                if variant.without_dead():
                    live.publish()
                missing = fleet.content["counts"][name] - len(variant.lines)
                if missing > 0 and self._not_before.get(id(variant), 0.0) < time.monotonic():
                    self._replace(live, fleet, name, missing)

    def _replace(self, live: Live, fleet: Fleet, name: str, missing: int) -> None:
        variant = fleet.variants[name]
        variant.log.line(f"landrail: starting {missing} process(es) in place of ended ones")
        try:
            fleet.grow(name, missing, lambda: self._halted.is_set() or live.wanted > 0)
        except CannotServe as error:
            self._not_before[id(variant)] = time.monotonic() + _AGAIN
            _log.warning("variant %s could not be brought up again: %s", name, error)
        else:
            self._not_before.pop(id(variant), None)
            live.publish()
