"""The thread that delivers: every few seconds while there is something, less often where it is
refused, and once more at the end."""

from __future__ import annotations

import logging
import threading
import time

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudtrail.delivery import Delivery
from landrail.localaws.services.cloudtrail.states import State

_log = logging.getLogger(__name__)
_EVERY = 5.0
_LONGEST = 300.0


class Worker:
    """One thread for all trails."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._wake = threading.Event()
        self._ending = False
        self._waits: dict[str, tuple[float, float]] = {}
        self._thread = threading.Thread(target=self._run, name="cloudtrail", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._delivery.take_up()
        self._thread.start()

    def hurry(self) -> None:
        """Try again at once what was refused."""
        if self._waits:
            self._waits.clear()
            self._wake.set()

    def stop(self) -> None:
        """Deliver what is there, and end."""
        self._ending = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._ending:
            self._wake.wait(_EVERY)
            self._wake.clear()
            self._turn()
        self._turn(last=True)

    def _turn(self, *, last: bool = False) -> None:
        for state in self._delivery.trails():
            due, waited = self._waits.get(state.arn, (0.0, _EVERY / 2))
            if not last and time.monotonic() < due:
                continue
            if self._deliver(state, last=last):
                self._waits.pop(state.arn, None)
            else:
                wait = min(_LONGEST, waited * 2)
                self._waits[state.arn] = time.monotonic() + wait, wait

    def _deliver(self, state: State, *, last: bool) -> bool:
        try:
            return self._delivery.deliver(state, digests=last)
        except (ApiError, OSError):
            # As it was before the batch: it is begun again.
            _log.exception("the trail %s could not be delivered", state.arn)
            return False
