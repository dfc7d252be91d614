"""The operations that tell of alarms and of what has happened to them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiCall, Operation
from landrail.localaws.services.cloudwatch.alarms.book import Book, Key, Record
from landrail.localaws.services.cloudwatch.alarms.definition import ACTIONS, queries
from landrail.localaws.services.cloudwatch.alarms.family import children
from landrail.localaws.services.cloudwatch.alarms.history import History
from landrail.localaws.services.cloudwatch.alarms.operations import key_of
from landrail.localaws.services.cloudwatch.errors import (
    absent,
    checked,
    only,
    wrong_combination,
)
from landrail.localaws.services.cloudwatch.metrics import dimensions
from landrail.localaws.services.cloudwatch.moments import moment, seconds
from landrail.localaws.services.cloudwatch.pages import page, start

_MOST = 100
_DESCRIBES = frozenset(
    {
        *("AlarmNames", "AlarmNamePrefix", "AlarmTypes", "ChildrenOfAlarmName", "NextToken"),
        *("ParentsOfAlarmName", "StateValue", "ActionPrefix", "MaxRecords"),
    }
)
_HISTORY = frozenset(
    {
        *("AlarmName", "AlarmTypes", "HistoryItemType", "StartDate", "EndDate", "MaxRecords"),
        *("NextToken", "ScanBy"),
    }
)
_FAMILY = ("ChildrenOfAlarmName", "ParentsOfAlarmName")
Found = list[tuple[Key, Record]]


class Describing:
    """Tells of alarms."""

    def __init__(self, book: Book, history: History) -> None:
        self._book = book
        self._history = history

    def operations(self) -> dict[str, Operation]:
        """Return the operations by name."""
        found: dict[str, Operation] = {
            "DescribeAlarms": self._describe,
            "DescribeAlarmsForMetric": self._for_metric,
            "DescribeAlarmHistory": self._items,
        }
        return {name: checked(operation) for name, operation in found.items()}

    def _describe(self, call: ApiCall) -> Mapping[str, Any]:
        only(call, _DESCRIBES)
        params = call.params
        if params.get("AlarmNames") and params.get("AlarmNamePrefix"):
            raise wrong_combination("AlarmNamePrefix is not for calls with AlarmNames.")
        family = [name for name in _FAMILY if params.get(name)]
        if len(family) > 1:
            raise wrong_combination(f"{_FAMILY[0]} is not for calls with {_FAMILY[1]}.")
        if family:
            return self._family(call, family[0])
        kinds = params.get("AlarmTypes") or ["MetricAlarm"]
        found = [
            (key, record)
            for key, record in self._book.all(call.account, call.region)
            if record["kind"] in kinds and _fits(key, record, params)
        ]
        first = start(params.get("NextToken"))
        end = first + int(params.get("MaxRecords") or _MOST)
        return _split(found[first:end]) | page(end, len(found))

    def _family(self, call: ApiCall, relation: str) -> Mapping[str, Any]:
        """The alarms that a composite alarm names, or the composite alarms that name an alarm."""
        key = key_of(call, str(call.params[relation]))
        record = self._book.get(key)
        if record is None:
            raise absent(f"There is no alarm with the name {key.name}.")
        if relation == "ParentsOfAlarmName":
            everybody = self._book.all(call.account, call.region)
            found = [one for one in everybody if key in children(*one)]
        else:
            named = children(key, record)
            found = [(child, each) for child in named if (each := self._book.get(child))]
        return _split(found)

    def _for_metric(self, call: ApiCall) -> Mapping[str, Any]:
        params = call.params
        wanted = (params["Namespace"], params["MetricName"], dimensions(params.get("Dimensions")))
        found = [
            (key, record)
            for key, record in self._book.all(call.account, call.region)
            if record["kind"] == "MetricAlarm"
            and _watches(key, record, wanted)
            and all(
                params.get(name) in (None, record["settings"].get(name))
                for name in ("Statistic", "ExtendedStatistic", "Period", "Unit")
            )
        ]
        return {"MetricAlarms": _split(found)["MetricAlarms"]}

    def _items(self, call: ApiCall) -> Mapping[str, Any]:
        only(call, _HISTORY)
        params = call.params
        kinds = params.get("AlarmTypes") or ["MetricAlarm"]
        begin = seconds(params["StartDate"]) if params.get("StartDate") else 0.0
        end = seconds(params["EndDate"]) if params.get("EndDate") else time.time() + 1.0
        found = [
            item
            for item in self._history.items(call.account, call.region, begin, end)
            if params.get("AlarmName") in (None, item["AlarmName"])
            and params.get("HistoryItemType") in (None, item["HistoryItemType"])
            and (item["AlarmType"] in kinds or params.get("AlarmName"))
        ]
        if params.get("ScanBy", "TimestampDescending") == "TimestampDescending":
            found.reverse()
        first = start(params.get("NextToken"))
        last = first + int(params.get("MaxRecords") or _MOST)
        return {"AlarmHistoryItems": found[first:last]} | page(last, len(found))


def _fits(key: Key, record: Record, params: Mapping[str, Any]) -> bool:
    settings = record["settings"]
    if params.get("AlarmNames") and key.name not in params["AlarmNames"]:
        return False
    if not key.name.startswith(params.get("AlarmNamePrefix") or ""):
        return False
    if params.get("StateValue") not in (None, record["state"]["value"]):
        return False
    prefix = params.get("ActionPrefix")
    return not prefix or any(
        arn.startswith(prefix) for name in ACTIONS.values() for arn in settings[name]
    )


def _watches(key: Key, record: Record, wanted: tuple[Any, ...]) -> bool:
    return any(
        (query.metric.namespace, query.metric.name, query.metric.dimensions) == wanted
        for query in queries(record["settings"], key.account, key.region).values()
        if query.metric is not None
    )


def _split(found: Found) -> dict[str, Any]:
    views: dict[str, list[dict[str, Any]]] = {"MetricAlarms": [], "CompositeAlarms": []}
    for key, record in found:
        views[f"{record['kind']}s"].append(_view(key, record))
    return dict(views)


def _view(key: Key, record: Record) -> dict[str, Any]:
    settings, state = record["settings"], record["state"]
    shown = {
        **settings,
        "AlarmArn": key.arn,
        "AlarmConfigurationUpdatedTimestamp": moment(record["configured"]),
        "StateValue": state["value"],
        "StateReason": state["reason"],
        "StateUpdatedTimestamp": moment(state["at"]),
        "StateTransitionedTimestamp": moment(record["since"]),
    }
    if record["kind"] == "MetricAlarm":
        shown.setdefault("Dimensions", [])
    return shown | ({"StateReasonData": state["data"]} if state["data"] else {})
