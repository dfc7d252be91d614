"""Calls that wait: they do so outside the store, whose lock and stopped clock would hold everybody.

A queue is looked at until a message can be had or the time is over; only then is it received from,
without waiting.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from landrail.localaws.store.peek import backend

_LOOK_AGAIN = 0.05
_LONGEST = 20


def waited(
    lock: AbstractContextManager[Any],
    account: str,
    region: str,
    service: str,
    operation: str,
    params: Mapping[str, Any],
) -> Mapping[str, Any]:
    """Wait as the call asks for, and return its parameters for a call that does not wait."""
    if (service, operation) != ("sqs", "ReceiveMessage"):
        return params
    asked = params.get("WaitTimeSeconds")
    if asked is not None and not (isinstance(asked, int) and 0 <= asked <= _LONGEST):
        return params  # refused as it stands
    until: float | None = None
    while True:
        with lock:
            queue = _queue(account, region, str(params.get("QueueUrl", "")))
            ready = queue is None or bool(queue.messages)
        seconds = asked if asked is not None or queue is None else _default(queue)
        until = time.monotonic() + (seconds or 0) if until is None else until
        if ready or time.monotonic() >= until:
            return {**params, "WaitTimeSeconds": 0}
        time.sleep(_LOOK_AGAIN)


def _queue(account: str, region: str, url: str) -> Any | None:
    """The queue of a URL, whose path ends with its owner and name."""
    *_, owner, name = ("", account, *url.split("/"))
    held = backend("sqs", owner if owner.isdigit() else account, region)
    return None if held is None else held.queues.get(name)


def _default(queue: Any) -> int:
    return int(queue.receive_message_wait_time_seconds or 0)
