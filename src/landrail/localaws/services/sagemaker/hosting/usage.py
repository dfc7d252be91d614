"""CPU and memory of the processes of endpoints, published as SageMaker publishes them.

`/aws/sagemaker/Endpoints`: 100 percent of CPU is one core, 100 percent of memory the instance's.
How often follows the configuration's `MetricPublishFrequencyInSeconds`, a minute by default.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.runtimes.limits import below, machine
from landrail.localaws.runtimes.serving import Server
from landrail.localaws.services.sagemaker.hosting.live import Fleet, Live
from landrail.localaws.services.sagemaker.names import Place

SERVICE = Caller(kind="service", arn="sagemaker.amazonaws.com", account=None)
NAMESPACE = "/aws/sagemaker/Endpoints"
_MINUTE = 60
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Seen:
    at: float
    seconds: float


class Usage:
    """A thread that looks at processes from time to time."""

    def __init__(
        self,
        platform: Platform,
        lives: Callable[[], Iterable[tuple[Place, Live]]],
        halted: threading.Event,
    ) -> None:
        """`lives` gives what runs."""
        self._platform, self._lives, self._halted = platform, lives, halted
        self._seen: dict[int, _Seen] = {}
        self._due: dict[Place, float] = {}
        self._thread = threading.Thread(target=self._run, name="endpoint usage", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for its end, once halted."""
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._halted.wait(1.0):
            now = time.monotonic()
            for place, live in self._lives():
                due, fleets = self._due.setdefault(place, now), live.fleets
                if fleets and due <= now:
                    self._due[place] = now + _every(fleets[0])
                    self._publish(place, fleets)

    def _publish(self, place: Place, fleets: Iterable[Fleet]) -> None:
        data = [item for fleet in fleets for item in self._data(place, fleet)]
        if not data:
            return
        try:
            self._platform.call(
                SERVICE,
                "cloudwatch",
                "PutMetricData",
                {"Namespace": NAMESPACE, "MetricData": data},
                region=place.region,
                account=place.account,
            )
        except ApiError as error:
            _log.warning("usage of %s was not taken: %s", place.arn, error)

    def _data(self, place: Place, fleet: Fleet) -> Iterator[dict[str, Any]]:
        for name, variant in list(fleet.variants.items()):
            values: dict[str, list[float]] = {"CPUUtilization": [], "MemoryUtilization": []}
            for server in variant.servers:
                used = self._of(server, variant.program.limits.memory or machine())
                if used is not None:
                    values["CPUUtilization"].append(used[0])
                    values["MemoryUtilization"].append(used[1])
            for metric, found in values.items():
                if found:
                    yield {
                        "MetricName": metric,
                        "Dimensions": [
                            {"Name": "EndpointName", "Value": place.name},
                            {"Name": "VariantName", "Value": name},
                        ],
                        "Values": found,
                        "Unit": "Percent",
                    }

    def _of(self, server: Server, memory: int) -> tuple[float, float] | None:
        """Return percent of CPU since the last look, and of memory, of a server's processes."""
        leader, seconds, resident = server.pid, 0.0, 0
        for pid in below(server.roots):
            try:
                stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            seconds += (int(stat[11]) + int(stat[12])) / _TICKS
            resident += int(stat[21]) * _PAGE
        now = time.monotonic()
        before, self._seen[leader] = self._seen.get(leader), _Seen(now, seconds)
        if not resident:
            self._seen.pop(leader, None)
            return None
        spent = 0.0
        if before is not None and now > before.at:
            spent = max(0.0, (seconds - before.seconds) / (now - before.at))
        return round(100 * spent, 3), round(100 * resident / memory, 3)


def _every(fleet: Fleet) -> float:
    config = fleet.content["config"].get("MetricsConfig") or {}
    return float(config.get("MetricPublishFrequencyInSeconds", _MINUTE))
