"""The operations that take their time: each in a thread, taken up again after a restart.

An operation is on record before it begins; what performs it finds what stands already, so one that
was cut off is simply done again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from landrail.localaws.api import ApiError, Platform
from landrail.localaws.services.controltower.acting import Acting, Place
from landrail.localaws.services.controltower.records import Document, Records

_log = logging.getLogger(__name__)
ACCOUNTS_AT_ONCE = 5
"""AWS works on so many accounts at once."""
_WIDTH = 10
_turns = threading.BoundedSemaphore(ACCOUNTS_AT_ONCE)

Perform = Callable[[Acting, Document], None]
"""Performs an operation; raises ApiError with why it failed."""
Settle = Callable[[Place, Document, bool], None]
"""Keeps what an operation came to."""


class Worker:
    """Performs operations by their kind."""

    def __init__(self, platform: Platform, records: Records) -> None:
        self._platform = platform
        self._records = records
        self._kinds: dict[str, tuple[Perform, Settle]] = {}
        self._pool = ThreadPoolExecutor(_WIDTH, thread_name_prefix="controltower")
        self._stopping = threading.Event()

    def performs(self, kind: str, perform: Perform, settle: Settle) -> None:
        """Take on a kind of operation."""
        self._kinds[kind] = (perform, settle)

    def start(self) -> None:
        """Take up what a restart cut off."""
        for place, operation in list(self._records.operations.everywhere()):
            if operation["status"] == "IN_PROGRESS":
                self.begin(place, operation["id"])

    def stop(self) -> None:
        """Let what runs end, and begin nothing more; it is taken up at the next start."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def begin(self, place: Place, identifier: str) -> None:
        """Perform an operation that is on record."""
        if not self._stopping.is_set():
            self._pool.submit(self._run, place, identifier)

    def _run(self, place: Place, identifier: str) -> None:
        operation = self._records.operations.get(place, identifier)
        if operation is None:
            return
        perform, settle = self._kinds[operation["kind"]]
        failure = _failure(perform, Acting(self._platform, place), operation)
        settle(place, operation, failure is None)
        self._records.end(place, identifier, failure)


def _failure(perform: Perform, acting: Acting, operation: Document) -> str | None:
    try:
        perform(acting, operation)
    except ApiError as error:
        return error.message
    except Exception:  # noqa: BLE001  (a bug of ours must end as an operation that failed)
        _log.exception("operation %s of Control Tower", operation["id"])
        return "AWS Control Tower failed to perform your operation; see the server's log."
    return None


def each_account(work: Callable[[str], None], accounts: list[str]) -> Mapping[str, str]:
    """Do something in accounts, a few at once; return what failed where."""

    def one(account: str) -> str | None:
        try:
            with _turns:
                work(account)
        except ApiError as error:
            return error.message
        return None

    with ThreadPoolExecutor(ACCOUNTS_AT_ONCE, thread_name_prefix="enrolling") as pool:
        results: dict[str, Any] = dict(zip(accounts, pool.map(one, accounts), strict=True))
    return {account: why for account, why in results.items() if why is not None}
