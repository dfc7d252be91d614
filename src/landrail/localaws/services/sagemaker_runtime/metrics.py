"""Metrics of invocations, published each second by the service itself and never by a request.

Names, units and dimensions: SageMaker Developer Guide, "Metrics for monitoring SageMaker with
CloudWatch". Each is published for endpoint and variant, and besides with `EndpointConfigName`,
by which the new fleet of a deployment is told from the old one ("Auto-Rollback Configuration and
Monitoring"). Latencies are rounded to three figures, so that there are few different values.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from math import floor, log10
from typing import Any

from landrail.localaws.api import ApiCall, ApiError, Caller, Platform
from landrail.localaws.services.sagemaker_runtime.choosing import Chosen

SERVICE = Caller(kind="service", arn="sagemaker.amazonaws.com", account=None)
NAMESPACE = "AWS/SageMaker"
_EVERY = 1.0
_VALUES = 150
_DATA = 900
_NONE, _MICRO = "None", "Microseconds"
_log = logging.getLogger(__name__)

_Key = tuple[str, str, str, str, str, int]
_Counts = dict[str, Counter[float]]


class Metrics:
    """What was counted since it was published last."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._lock = threading.Lock()
        self._counted: dict[_Key, _Counts] = {}
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="endpoint metrics", daemon=True)

    def start(self) -> None:
        """Begin to publish."""
        self._thread.start()

    def close(self) -> None:
        """Publish the rest."""
        self._closed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=15)

    def add(
        self, call: ApiCall, chosen: Chosen, status: int, latency: float, overhead: float
    ) -> None:
        """Count an invocation; `status` 0 where the container did not answer; seconds."""
        name = call.params["EndpointName"]
        second = int(time.time())
        variant = chosen.variant
        key = (call.account, call.region, name, variant["name"], chosen.config, second)
        values = (
            ("Invocations", 1.0),
            ("InvocationsPerInstance", 1.0 / max(1, len(variant["lines"]))),
            ("ModelLatency", _figures(latency * 1e6)),
            ("OverheadLatency", _figures(overhead * 1e6)),
            ("Invocation4XXErrors", float(400 <= status < 500)),
            ("Invocation5XXErrors", float(status >= 500 or not status)),
            ("InvocationModelErrors", float(not 200 <= status < 300)),
        )
        with self._lock:
            counts = self._counted.get(key)
            if counts is None:
                counts = self._counted[key] = {metric: Counter() for metric, _ in values}
            for metric, value in values:
                counts[metric][value] += 1

    def _run(self) -> None:
        while not self._closed.wait(_EVERY):
            self._publish()
        self._publish()

    def _publish(self) -> None:
        with self._lock:
            counted, self._counted = self._counted, {}
        by_account: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for (account, region, *rest), counts in counted.items():
            by_account.setdefault((account, region), []).extend(_data(rest, counts))
        for (account, region), data in by_account.items():
            for start in range(0, len(data), _DATA):
                self._put(account, region, data[start : start + _DATA])

    def _put(self, account: str, region: str, data: list[dict[str, Any]]) -> None:
        try:
            self._platform.call(
                SERVICE,
                "cloudwatch",
                "PutMetricData",
                {"Namespace": NAMESPACE, "MetricData": data},
                region=region,
                account=account,
            )
        except ApiError as error:
            _log.warning("metrics of endpoints were not taken: %s", error)


def _data(rest: list[Any], counts: Mapping[str, Counter[float]]) -> Iterator[dict[str, Any]]:
    endpoint, variant, config, second = rest
    common = [
        {"Name": "EndpointName", "Value": endpoint},
        {"Name": "VariantName", "Value": variant},
    ]
    of_fleet = [*common, {"Name": "EndpointConfigName", "Value": config}]
    time_of = datetime.fromtimestamp(second, UTC)
    for metric, counter in counts.items():
        values = sorted(counter.items())
        for start in range(0, len(values), _VALUES):
            some = values[start : start + _VALUES]
            for dimensions in (common, of_fleet):
                yield {
                    "MetricName": metric,
                    "Dimensions": dimensions,
                    "Timestamp": time_of,
                    "Values": [value for value, _ in some],
                    "Counts": [float(count) for _, count in some],
                    "Unit": _MICRO if metric.endswith("Latency") else _NONE,
                    "StorageResolution": 1,
                }


def _figures(value: float) -> float:
    if value < 1.0:
        return 1.0
    size = 10.0 ** (floor(log10(value)) - 2)
    return round(value / size) * size
