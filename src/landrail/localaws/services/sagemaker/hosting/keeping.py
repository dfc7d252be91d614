"""Processes of endpoints that have ended by themselves are replaced, as SageMaker replaces them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable

from landrail.localaws.api import ApiError
from landrail.localaws.services.sagemaker.fleet import CannotServe, Variant
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
                if live.wanted or self._waits(live) or not live.busy.acquire(blocking=False):
                    continue
                try:
                    self._look(live)
                except (ApiError, OSError) as error:
                    # The disk is full, say: the others are looked after.
                    _log.warning("%s is looked after later: %s", live.place.arn, error)
                    self._later(live)
                finally:
                    live.busy.release()

    def _waits(self, one: Live | Variant) -> bool:
        return time.monotonic() < self._not_before.get(id(one), 0.0)

    def _later(self, one: Live | Variant) -> None:
        self._not_before[id(one)] = time.monotonic() + _AGAIN

    def _look(self, live: Live) -> None:
        if live.due:
            live.publish()
        for fleet in live.fleets:
            for name, variant in fleet.variants.items():
                if variant.without_dead():
                    live.publish()
                missing = fleet.content["counts"][name] - len(variant.lines)
                if missing > 0 and not self._waits(variant):
                    self._replace(live, fleet, name, missing)

    def _replace(self, live: Live, fleet: Fleet, name: str, missing: int) -> None:
        variant = fleet.variants[name]
        variant.log.line(f"landrail: starting {missing} process(es) in place of ended ones")
        try:
            fleet.grow(name, missing, lambda: self._halted.is_set() or live.wanted > 0)
        except CannotServe as error:
            self._later(variant)
            _log.warning("variant %s could not be brought up again: %s", name, error)
        else:
            self._not_before.pop(id(variant), None)
            live.publish()
