"""The CloudWatch service: its parts put together behind the seam of the gateway."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from landrail.localaws.api import Answering, ApiCall, Door, Operation, Platform
from landrail.localaws.services.cloudwatch import reading
from landrail.localaws.services.cloudwatch.alarms.book import Book
from landrail.localaws.services.cloudwatch.alarms.describing import Describing
from landrail.localaws.services.cloudwatch.alarms.history import History
from landrail.localaws.services.cloudwatch.alarms.operations import Changing
from landrail.localaws.services.cloudwatch.alarms.tags import Tags
from landrail.localaws.services.cloudwatch.alarms.watching import Watch
from landrail.localaws.services.cloudwatch.errors import checked
from landrail.localaws.services.cloudwatch.keeping import Keeping
from landrail.localaws.services.cloudwatch.metrics import Register
from landrail.localaws.services.cloudwatch.putting import put
from landrail.localaws.services.cloudwatch.series import Series
from landrail.localaws.store import Tables

_DASHBOARDS = ("DeleteDashboards", "GetDashboard", "ListDashboards", "PutDashboard")


class CloudWatch(Answering):
    """Metrics and alarms; dashboards are the store's."""

    name = "cloudwatch"
    owned = True
    doors: Mapping[str, Door] = MappingProxyType({})

    def __init__(self, platform: Platform, tables: Tables) -> None:
        """Build every part."""
        self._platform = platform
        self._register = Register(tables)
        self._series = Series(tables)
        self._keeping = Keeping(self._register, self._series)
        self._book = Book(tables)
        history = History(tables)
        self._watch = Watch(platform, self._book, self._series, history)
        self.operations: Mapping[str, Operation] = {
            "PutMetricData": checked(self._put),
            "GetMetricStatistics": checked(lambda call: reading.statistics(call, self._series)),
            "GetMetricData": checked(lambda call: reading.data(call, self._series)),
            "ListMetrics": checked(lambda call: reading.metrics(call, self._register)),
            **Changing(platform, self._book, self._watch, history).operations(),
            **Describing(self._book, history).operations(),
            **Tags(self._book).operations(),
            **dict.fromkeys(_DASHBOARDS, platform.perform),
        }

    def start(self) -> None:
        """Read what is kept, and begin to watch the alarms."""
        self._register.start()
        self._book.start()
        self._keeping.start()
        self._watch.start()

    def stop(self) -> None:
        """Stop watching, and keep what was put last."""
        self._watch.stop()
        self._keeping.stop()

    def _put(self, call: ApiCall) -> Mapping[str, Any]:
        answer = put(call, self._register, self._series)
        self._keeping.changed()
        return answer
