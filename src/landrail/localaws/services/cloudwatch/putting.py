"""PutMetricData: every form of it, checked as a whole before any of it is kept.

Source: API reference of PutMetricData and MetricDatum.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from landrail.localaws.api import ApiCall
from landrail.localaws.services.cloudwatch.distribution import Distribution
from landrail.localaws.services.cloudwatch.errors import (
    lacking,
    only,
    wrong_combination,
    wrong_value,
)
from landrail.localaws.services.cloudwatch.metrics import Metric, Register, dimensions
from landrail.localaws.services.cloudwatch.moments import seconds
from landrail.localaws.services.cloudwatch.series import Series

_MOST = 1_000
_VALUES = 150
_OLDEST = 14 * 86_400
_NEWEST = 2 * 3_600
_LARGEST = 2.0**360
_KNOWN = frozenset({"Namespace", "MetricData"})
# What AWS's own services put; no client may.
_RESERVED = "AWS/"
_FORMS = ("Value", "Values", "StatisticValues")


class Datum(NamedTuple):
    """What one member of a request says."""

    metric: Metric
    moment: float
    unit: str
    fine: bool
    values: Distribution


def put(call: ApiCall, register: Register, series: Series) -> Mapping[str, Any]:
    """Keep what a call puts; raises ApiError, and keeps none of it, where any of it is wrong."""
    now = time.time()
    for one in list(_read(call, now)):
        series.add(one.metric.key, one.moment, one.unit, one.values, one.fine)
        register.seen(one.metric, one.moment)
    return {}


def _read(call: ApiCall, now: float) -> Iterator[Datum]:
    only(call, _KNOWN)
    namespace = str(call.params["Namespace"])
    if namespace.startswith(_RESERVED) and call.caller.kind != "service":
        raise wrong_value(f"The value {namespace} for parameter Namespace is invalid.")
    data = call.params.get("MetricData") or ()
    if not data:
        raise lacking("MetricData")
    if len(data) > _MOST:
        raise wrong_value(f"The collection MetricData must not have a size greater than {_MOST:,}.")
    for number, datum in enumerate(data, 1):
        yield _datum(call, namespace, datum, f"MetricData.member.{number}", now)


def _datum(
    call: ApiCall, namespace: str, datum: Mapping[str, Any], place: str, now: float
) -> Datum:
    given = [form for form in _FORMS if datum.get(form) is not None]
    if not given:
        raise lacking(f"{place}.Value")
    if len(given) > 1:
        raise wrong_combination(
            f"The parameters {place}.{given[0]} and {place}.{given[1]} are mutually exclusive and "
            "you have specified both."
        )
    if "Counts" in datum and given != ["Values"]:
        raise wrong_combination(f"The parameter {place}.Counts is for {place}.Values alone.")
    if datum.get("StorageResolution", 60) not in (1, 60):
        raise wrong_value(
            f"The value {datum['StorageResolution']} for parameter {place}.StorageResolution is "
            "invalid: it is 1 or 60."
        )
    named = dimensions(datum.get("Dimensions"))
    if len({name for name, _ in named}) < len(named):
        raise wrong_value(f"The collection {place}.Dimensions has a name twice.")
    return Datum(
        Metric(call.account, call.region, namespace, str(datum["MetricName"]), named),
        _moment(datum, place, now),
        str(datum.get("Unit") or "None"),
        datum.get("StorageResolution") == 1,
        _values(datum, given[0], place),
    )


def _moment(datum: Mapping[str, Any], place: str, now: float) -> float:
    if datum.get("Timestamp") is None:
        return now
    moment = seconds(datum["Timestamp"])
    if not now - _OLDEST <= moment <= now + _NEWEST:
        raise wrong_value(
            f"The parameter {place}.Timestamp must specify a time no later than two hours in the "
            "future and no more than two weeks in the past."
        )
    return moment


def _values(datum: Mapping[str, Any], form: str, place: str) -> Distribution:
    found = Distribution()
    if form == "Value":
        found.add(_number(datum["Value"], f"{place}.Value"))
    elif form == "Values":
        for value, count in _counted(datum, place):
            found.add(value, count)
    else:
        found.add_set(*_set(datum["StatisticValues"], f"{place}.StatisticValues"))
    return found


def _counted(datum: Mapping[str, Any], place: str) -> Iterator[tuple[float, float]]:
    values = datum["Values"]
    counts = datum.get("Counts") or [1.0] * len(values)
    if not values or len(values) > _VALUES:
        raise wrong_value(f"The collection {place}.Values has from 1 to {_VALUES} values.")
    if len(values) != len(counts):
        raise wrong_value(f"{place}.Values and {place}.Counts must have the same size.")
    for index, (value, count) in enumerate(zip(values, counts, strict=True), 1):
        times = _number(count, f"{place}.Counts.member.{index}")
        if times <= 0:
            raise wrong_value(
                f"The value {count} for parameter {place}.Counts.member.{index} is invalid."
            )
        yield _number(value, f"{place}.Values.member.{index}"), times


def _set(values: Mapping[str, Any], place: str) -> tuple[float, float, float, float]:
    count, total, low, high = (
        _number(values[name], f"{place}.{name}")
        for name in ("SampleCount", "Sum", "Minimum", "Maximum")
    )
    if count <= 0 or low > high:
        name = "SampleCount" if count <= 0 else "Minimum"
        raise wrong_value(f"The value {values[name]} for parameter {place}.{name} is invalid.")
    return count, total, low, high


def _number(value: Any, place: str) -> float:
    number = float(value)
    if not math.isfinite(number) or abs(number) > _LARGEST:
        raise wrong_value(f"The value {value} for parameter {place} is invalid.")
    return number
