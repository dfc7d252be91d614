"""Waiting for a job, and what to say when it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from landrail.diagnostics import Diagnostic, Mistakes

_FIRST, _FACTOR, _LONGEST = 0.2, 1.1, 15.0  # seconds


def wait(describe: Callable[[], Mapping[str, Any]], status: str, what: str) -> Mapping[str, Any]:
    """Poll `describe` until its member `status` says how it ended; raises Mistakes with the
    service's own reason where it did not end well."""
    delay = _FIRST
    while True:
        answer = describe()
        if answer[status] in ("Completed", "InService"):
            return answer
        if answer[status] in ("Failed", "Stopped"):
            reason = answer.get("FailureReason", "no reason given")
            raise Mistakes([Diagnostic(f"{what} {answer[status].lower()}: {reason}")])
        time.sleep(delay)
        delay = min(delay * _FACTOR, _LONGEST)
