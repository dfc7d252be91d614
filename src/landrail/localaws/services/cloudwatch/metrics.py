"""Which metrics there are: their names, and when each last got a value."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.store import Tables

Dimensions = tuple[tuple[str, str], ...]
_SELDOM = 300.0


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric of one account and region; `dimensions` are in the order of their names."""

    account: str
    region: str
    namespace: str
    name: str
    dimensions: Dimensions = ()

    @property
    def key(self) -> str:
        """A short name for it that no other metric has."""
        text = json.dumps([self.account, self.region, self.namespace, self.name, self.dimensions])
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def view(self) -> dict[str, Any]:
        """Return it as the API shows metrics."""
        return {
            "Namespace": self.namespace,
            "MetricName": self.name,
            "Dimensions": [{"Name": name, "Value": value} for name, value in self.dimensions],
        }


def dimensions(given: Iterable[Mapping[str, str]] | None) -> Dimensions:
    """Return dimensions of a request in the order of their names."""
    return tuple(sorted((one["Name"], one["Value"]) for one in given or ()))


class Register:
    """All metrics that have values. `seen` is told of each put, `keep` writes what is new."""

    def __init__(self, tables: Tables) -> None:
        self._table = tables.table("cloudwatch.metrics")
        self._lock = threading.Lock()
        self._last: dict[Metric, float] = {}
        self._kept: dict[Metric, float] = {}

    def start(self) -> None:
        """Read what is known."""
        for (account, region, _), kept in self._table.scan():
            named = tuple((name, value) for name, value in kept["dimensions"])
            metric = Metric(account, region, kept["namespace"], kept["name"], named)
            self._last[metric] = self._kept[metric] = kept["last"]

    def seen(self, metric: Metric, moment: float) -> None:
        """A value came for a metric."""
        with self._lock:
            self._last[metric] = max(moment, self._last.get(metric, 0.0))

    def keep(self) -> None:
        """Write metrics that are new, and others now and then."""
        with self._lock:
            due = {
                metric: last
                for metric, last in self._last.items()
                if last - self._kept.get(metric, 0.0) > _SELDOM
            }
        for metric, last in due.items():
            value = {
                "namespace": metric.namespace,
                "name": metric.name,
                "dimensions": metric.dimensions,
                "last": last,
            }
            self._table.put(metric.account, metric.region, metric.key, value=value)
        self._kept |= due

    def forget(self, metric: Metric) -> None:
        """Drop a metric whose values are all gone."""
        with self._lock:
            self._last.pop(metric, None)
            self._kept.pop(metric, None)
        self._table.delete(metric.account, metric.region, metric.key)

    def all(self) -> Iterator[tuple[Metric, float]]:
        """Yield each metric with the time of its last value."""
        with self._lock:
            known = list(self._last.items())
        yield from known
