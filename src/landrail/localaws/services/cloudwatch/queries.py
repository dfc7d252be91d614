"""Metric data queries, as GetMetricData and alarms have them: metrics and expressions by id.

A query is checked whole before any of it is read: ids, periods, statistics, expressions and what
they name, without cycles.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.localaws.services.cloudwatch.distribution import Distribution, merged
from landrail.localaws.services.cloudwatch.errors import invalid, not_here
from landrail.localaws.services.cloudwatch.expressions import (
    FUNCTIONS,
    Expression,
    Grid,
    MathError,
    Run,
    Scope,
    Value,
    compute,
    names,
    parse,
)
from landrail.localaws.services.cloudwatch.metrics import Metric, dimensions
from landrail.localaws.services.cloudwatch.series import Series
from landrail.localaws.services.cloudwatch.statistics import statistic

_ID = re.compile(r"[a-z][a-zA-Z0-9_]{0,254}")


@dataclass(frozen=True, slots=True)
class Query:
    """One query: of a `metric` with `stat`, or an `expression` with the tree of it."""

    id: str
    label: str
    period: int
    returns: bool
    metric: Metric | None = None
    stat: str = ""
    unit: str | None = None
    tree: Expression | None = None


def period_of(value: int, where: str) -> int:
    """Return a period; raises ApiError for one that no metric has."""
    if value in (1, 5, 10, 20, 30) or (value >= 60 and value % 60 == 0):
        return int(value)
    raise invalid(
        f"The parameter {where} must be 1, 5, 10, 20, 30, or a multiple of 60; it is {value}."
    )


def read(
    asked: Sequence[Mapping[str, Any]], account: str, region: str, place: str
) -> dict[str, Query]:
    """Return queries by their ids; raises ApiError with what is wrong in the first bad one."""
    found: dict[str, Query] = {}
    for number, one in enumerate(asked, 1):
        where = f"{place}.member.{number}"
        query = _query(one, account, region, where)
        if query.id in found:
            raise invalid(f"The ids of {place} must be different; `{query.id}` stands there twice.")
        found[query.id] = query
    for query in found.values():
        _check_names(query, found, ())
    return found


def _query(one: Mapping[str, Any], account: str, region: str, where: str) -> Query:
    name = str(one["Id"])
    if not _ID.fullmatch(name):
        raise invalid(
            f"The value {name} for parameter {where}.Id is not matching the expected pattern "
            "^[a-z][a-zA-Z0-9_]*$."
        )
    if ("MetricStat" in one) is ("Expression" in one):
        raise invalid(f"{where} must have either MetricStat or Expression.")
    if one.get("AccountId", account) != account:
        raise not_here(f"metrics of another account (AccountId of {where})")
    label, returns = str(one.get("Label") or ""), bool(one.get("ReturnData", True))
    if "Expression" in one:
        tree = _parsed(str(one["Expression"]), where)
        period = period_of(int(one["Period"]), f"{where}.Period") if one.get("Period") else 0
        return Query(name, label or name, period, returns, tree=tree)
    stat = one["MetricStat"]
    metric = stat["Metric"]
    if not metric.get("Namespace") or not metric.get("MetricName"):
        raise invalid(f"{where}.MetricStat.Metric must have Namespace and MetricName.")
    if statistic(str(stat["Stat"])) is None:
        raise invalid(
            f"The value {stat['Stat']} for parameter {where}.MetricStat.Stat is not supported."
        )
    return Query(
        name,
        label or str(metric["MetricName"]),
        period_of(int(stat["Period"]), f"{where}.MetricStat.Period"),
        returns,
        Metric(
            account,
            region,
            str(metric["Namespace"]),
            str(metric["MetricName"]),
            dimensions(metric.get("Dimensions")),
        ),
        str(stat["Stat"]),
        stat.get("Unit"),
    )


def _parsed(text: str, where: str) -> Expression:
    try:
        return parse(text)
    except MathError as error:
        raise invalid(f"Error in expression {where}.Expression `{text}`: {error}.") from error


def _check_names(query: Query, all_: Mapping[str, Query], seen: tuple[str, ...]) -> None:
    if query.id in seen:
        raise invalid(f"Error in expression '{query.id}': it depends on itself.")
    for name in names(query.tree) if query.tree is not None else ():
        if name not in all_:
            raise invalid(f"Error in expression '{query.id}': there is no query `{name}`.")
        _check_names(all_[name], all_, (*seen, query.id))


class Reading:
    """Queries read over a grid of periods; each is computed once. `of` raises ApiError for an
    expression that has no value."""

    def __init__(self, series: Series, queries: Mapping[str, Query], grid: Grid) -> None:
        self._series = series
        self._queries = queries
        self._grid = grid
        self._values: dict[str, Value] = {}

    def of(self, name: str) -> list[Run]:
        """Return the series that a query comes to: one, or those of an expression of several."""
        try:
            value = self._value(name)
        except (MathError, ArithmeticError, ValueError) as error:
            raise invalid(f"Error in expression '{name}': {error}.") from error
        if isinstance(value, list):
            return value
        if isinstance(value, Mapping):
            return [value]
        raise invalid(f"Error in expression '{name}': it must come to a time series.")

    def _value(self, name: str) -> Value:
        if name not in self._values:
            query = self._queries[name]
            if query.metric is not None:
                self._values[name] = run(self._series, query, self._grid)
            elif query.tree is not None:
                scope = Scope(self._value, self._metrics, self._grid)
                self._values[name] = compute(query.tree, scope, FUNCTIONS)
        return self._values[name]

    def _metrics(self, named: str | None) -> list[Run]:
        """The queries that are metrics; with a text, those with it in their id or label."""
        found: list[Run] = []
        for query in self._queries.values():
            fits = named is None or named in query.id or named in query.label
            if query.metric is not None and fits:
                value = self._value(query.id)
                if isinstance(value, Mapping):
                    found.append(value)
        return found


def distributions(
    series: Series, metric: Metric, unit: str | None, grid: Grid
) -> dict[int, Distribution]:
    """Return what came in each period, of one unit or of all together."""
    periods = series.periods(metric.key, grid.begin, grid.end, grid.period)
    found: dict[int, Distribution] = {}
    for start, units in periods.items():
        chosen = [units[unit]] if unit in units else [] if unit else list(units.values())
        if chosen:
            found[start] = merged(chosen)
    return found


def run(series: Series, query: Query, grid: Grid) -> Run:
    """Return the values of a query of a metric."""
    computed = statistic(query.stat)
    if computed is None or query.metric is None:
        return {}
    found = {
        start: computed(values)
        for start, values in distributions(series, query.metric, query.unit, grid).items()
    }
    return {start: float(value) for start, value in sorted(found.items()) if value is not None}
