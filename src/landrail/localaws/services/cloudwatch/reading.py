"""GetMetricStatistics, GetMetricData and ListMetrics.

Source: the API reference of each, for limits, rounding and order.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiCall
from landrail.localaws.services.cloudwatch.distribution import Distribution
from landrail.localaws.services.cloudwatch.errors import (
    invalid,
    lacking,
    not_here,
    only,
    wrong_combination,
    wrong_value,
)
from landrail.localaws.services.cloudwatch.expressions import Grid, Run
from landrail.localaws.services.cloudwatch.metrics import Metric, Register, dimensions
from landrail.localaws.services.cloudwatch.moments import moment, rounded, seconds
from landrail.localaws.services.cloudwatch.pages import page, start
from landrail.localaws.services.cloudwatch.queries import Query, Reading, period_of, read
from landrail.localaws.services.cloudwatch.series import Series
from landrail.localaws.services.cloudwatch.statistics import SIMPLE, statistic

_POINTS = 1_440
_DATA = 100_800
_LISTED = 500
_SHOWN = 14 * 86_400
_RECENT = 3 * 3_600
_STATISTICS = frozenset(
    {
        *("Namespace", "MetricName", "Dimensions", "StartTime", "EndTime", "Period"),
        *("Statistics", "ExtendedStatistics", "Unit"),
    }
)
_GETS = frozenset(
    {
        *("MetricDataQueries", "StartTime", "EndTime", "NextToken", "ScanBy", "MaxDatapoints"),
        "LabelOptions",
    }
)
_LISTS = frozenset(
    {
        *("Namespace", "MetricName", "Dimensions", "NextToken", "RecentlyActive"),
        *("IncludeLinkedAccounts", "OwningAccount"),
    }
)


def statistics(call: ApiCall, series: Series) -> Mapping[str, Any]:
    """Answer GetMetricStatistics."""
    only(call, _STATISTICS)
    params = call.params
    begin, end = _span(params)
    period = period_of(int(params["Period"]), "Period")
    named = _chosen(params)
    first = rounded(begin, period, time.time())
    asked = -(-(int(-(-end // 1)) - first) // period)
    if asked > _POINTS:
        raise wrong_combination(
            f"You have requested up to {asked:,} datapoints, which exceeds the limit of {_POINTS:,}"
            ". You may reduce the datapoints requested by increasing Period, or decreasing the "
            "time range."
        )
    metric = Metric(
        call.account,
        call.region,
        str(params["Namespace"]),
        str(params["MetricName"]),
        dimensions(params.get("Dimensions")),
    )
    periods = series.periods(metric.key, first, int(-(-end // 1)), period)
    points = [
        _point(at, unit, values, named)
        for at, units in sorted(periods.items())
        for unit, values in sorted(units.items())
        if params.get("Unit") in (None, unit)
    ]
    return {"Label": metric.name, "Datapoints": points}


def _chosen(params: Mapping[str, Any]) -> list[str]:
    simple = list(params.get("Statistics") or ())
    extended = list(params.get("ExtendedStatistics") or ())
    if not simple and not extended:
        raise lacking("Statistics")
    if simple and extended:
        raise wrong_combination("Statistics and ExtendedStatistics are mutually exclusive.")
    for name in extended:
        if name in SIMPLE or statistic(name) is None:
            raise wrong_value(f"The value {name} for parameter ExtendedStatistics is invalid.")
    return simple or extended


def _point(at: int, unit: str, values: Distribution, named: Sequence[str]) -> dict[str, Any]:
    point: dict[str, Any] = {"Timestamp": moment(at), "Unit": unit}
    extended: dict[str, float] = {}
    for name in named:
        compute = statistic(name)
        value = compute(values) if compute is not None else None
        if value is None:
            continue
        if name in SIMPLE:
            point[name] = value
        else:
            extended[name] = value
    return point | ({"ExtendedStatistics": extended} if extended else {})


def data(call: ApiCall, series: Series) -> Mapping[str, Any]:
    """Answer GetMetricData."""
    only(call, _GETS)
    params = call.params
    begin, end = _span(params)
    queries = read(params["MetricDataQueries"], call.account, call.region, "MetricDataQueries")
    backwards = params.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    found = [
        (query, each, sorted(run.items(), reverse=backwards))
        for query in queries.values()
        if query.returns
        for each, run in _runs(series, queries, query, begin, end)
    ]
    most = min(int(params.get("MaxDatapoints") or _DATA), _DATA)
    first = start(params.get("NextToken"))
    return _paged(found, first, most)


Found = list[tuple[Query, str, list[tuple[int, float]]]]


def _paged(found: Found, first: int, most: int) -> dict[str, Any]:
    results, seen = [], 0
    total = sum(len(points) for *_, points in found)
    for query, label, points in found:
        begin = max(first - seen, 0)
        end = max(first + most - seen, 0)
        part = points[begin:end]
        if part or (not points and first <= seen < first + most) or (not points and not total):
            results.append(
                {
                    "Id": query.id,
                    "Label": label,
                    "Timestamps": [moment(at) for at, _ in part],
                    "Values": [value for _, value in part],
                    "StatusCode": "PartialData" if end < len(points) else "Complete",
                }
            )
        seen += len(points)
    answer: dict[str, Any] = {"MetricDataResults": results, "Messages": []}
    return answer | page(first + most, total)


def _runs(
    series: Series, queries: Mapping[str, Query], query: Query, begin: float, end: float
) -> Iterator[tuple[str, Run]]:
    period = _period(queries, query)
    first = rounded(begin, period, time.time()) // period * period
    grid = Grid(first, int(-(-end // 1)), period)
    runs = Reading(series, queries, grid).of(query.id)
    for number, run in enumerate(runs, 1):
        yield query.label if len(runs) == 1 else f"{query.label} {number}", run


def _period(queries: Mapping[str, Query], query: Query) -> int:
    """An expression's own period, or the longest of the metrics that there are."""
    if query.period:
        return query.period
    return max((one.period for one in queries.values()), default=0) or 60


def metrics(call: ApiCall, register: Register) -> Mapping[str, Any]:
    """Answer ListMetrics."""
    only(call, _LISTS)
    params = call.params
    if params.get("IncludeLinkedAccounts") or params.get("OwningAccount", call.account) != (
        call.account
    ):
        raise not_here("metrics of linked accounts")
    recent = params.get("RecentlyActive")
    if recent not in (None, "PT3H"):
        raise invalid(f"The value {recent} for parameter RecentlyActive is invalid: it is PT3H.")
    oldest = time.time() - (_RECENT if recent else _SHOWN)
    found = sorted(
        (
            metric
            for metric, last in register.all()
            if last >= oldest and _fits(metric, call.account, call.region, params)
        ),
        key=lambda metric: (metric.namespace, metric.name, metric.dimensions),
    )
    first = start(params.get("NextToken"))
    shown = [metric.view() for metric in found[first : first + _LISTED]]
    return {"Metrics": shown} | page(first + _LISTED, len(found))


def _fits(metric: Metric, account: str, region: str, params: Mapping[str, Any]) -> bool:
    if (metric.account, metric.region) != (account, region):
        return False
    if metric.namespace != params.get("Namespace", metric.namespace):
        return False
    if metric.name != params.get("MetricName", metric.name):
        return False
    has = dict(metric.dimensions)
    return all(
        one["Name"] in has and one.get("Value") in (None, has[one["Name"]])
        for one in params.get("Dimensions") or ()
    )


def _span(params: Mapping[str, Any]) -> tuple[float, float]:
    begin, end = seconds(params["StartTime"]), seconds(params["EndTime"])
    if begin >= end:
        raise invalid("The parameter StartTime must be less than the parameter EndTime.")
    return begin, end
