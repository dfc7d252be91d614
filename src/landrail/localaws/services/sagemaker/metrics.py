"""Metrics of a training job, found in its log by the regular expressions of the request."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from landrail.localaws.services.sagemaker.records import now
from landrail.localaws.services.sagemaker.validation import invalid


class Metrics:
    """The last value of each metric."""

    def __init__(self, definitions: Sequence[dict[str, str]]) -> None:
        """`definitions` are the request's MetricDefinitions; raises ApiError for a bad pattern."""
        self._lock = threading.Lock()
        self._found: dict[str, dict[str, Any]] = {}
        try:
            self._patterns = [(d["Name"], re.compile(d["Regex"])) for d in definitions]
        except re.error as error:
            raise invalid(
                f"A metric definition has an invalid regular expression: {error}"
            ) from None

    def line(self, text: str) -> None:
        """Look into one line of the log."""
        for name, pattern in self._patterns:
            match = pattern.search(text)
            if match is not None and match.groups():
                with suppress(ValueError, TypeError), self._lock:
                    value = float(match.group(1))
                    self._found[name] = {"MetricName": name, "Value": value, "Timestamp": now()}

    def final(self) -> list[dict[str, Any]]:
        """Return the FinalMetricDataList."""
        with self._lock:
            return list(self._found.values())
