"""One look at a metric alarm: its data points read, judged, and put into words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudwatch.alarms.definition import judged, period_in, queries
from landrail.localaws.services.cloudwatch.alarms.judge import EXTRA, State, Treatment, judge
from landrail.localaws.services.cloudwatch.expressions import Grid
from landrail.localaws.services.cloudwatch.moments import moment, text
from landrail.localaws.services.cloudwatch.queries import Query, Reading, distributions
from landrail.localaws.services.cloudwatch.series import Series
from landrail.localaws.services.cloudwatch.statistics import percentile

_MINUTE = 60
_SHORT = 10
GRACE = 2.0
"""Seconds after its end until a period is looked at: what came at its end is there by then."""
_WORDS = {
    "GreaterThanOrEqualToThreshold": "greater than or equal to",
    "GreaterThanThreshold": "greater than",
    "LessThanThreshold": "less than",
    "LessThanOrEqualToThreshold": "less than or equal to",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an alarm comes to: `state` is None where the current one is kept."""

    state: State | None
    reason: str = ""
    data: str = ""


def step(settings: Mapping[str, Any]) -> int:
    """Return how often an alarm is looked at: each ten seconds if its period is under a minute,
    else each minute."""
    periods = [settings.get("Period") or 0]
    for one in settings.get("Metrics") or ():
        periods += [one.get("Period") or 0, one.get("MetricStat", {}).get("Period") or 0]
    return _SHORT if max(periods) < _MINUTE else _MINUTE


def evaluate(
    settings: Mapping[str, Any], account: str, region: str, series: Series, now: float
) -> Verdict:
    """Judge an alarm by the periods that are over."""
    found = queries(settings, account, region)
    period, query = period_in(found), judged(found)
    every = step(settings)
    periods = int(settings["EvaluationPeriods"])
    end = int((now - GRACE) // every) * every
    grid = Grid(end - (periods + EXTRA) * period, end, period)
    if _few(settings, query, series, grid, periods):
        return Verdict(None)
    try:
        runs = Reading(series, found, grid).of(query.id)
    except ApiError as error:
        return Verdict("INSUFFICIENT_DATA", f"Insufficient Data: {error.message}")
    if len(runs) != 1:
        return Verdict("INSUFFICIENT_DATA", "Insufficient Data: more than one series was found.")
    points = [(at, runs[0].get(at)) for at in reversed(grid.moments())]
    return _verdict(settings, replace(query, period=period), points, now)


def breaches(settings: Mapping[str, Any], value: float) -> bool:
    """Say whether a value is beyond the threshold of an alarm."""
    threshold = float(settings["Threshold"])
    match settings["ComparisonOperator"]:
        case "GreaterThanOrEqualToThreshold":
            return value >= threshold
        case "GreaterThanThreshold":
            return value > threshold
        case "LessThanThreshold":
            return value < threshold
        case _:
            return value <= threshold


Point = tuple[int, float | None]


def _verdict(
    settings: Mapping[str, Any], query: Query, points: Sequence[Point], now: float
) -> Verdict:
    periods = int(settings["EvaluationPeriods"])
    needed = int(settings.get("DatapointsToAlarm") or periods)
    treatment = cast(Treatment, settings.get("TreatMissingData") or "missing")
    beyond = [None if value is None else breaches(settings, value) for _, value in points]
    state = judge(beyond, periods, needed, treatment)
    if state is None:
        return Verdict(None)
    real = [(at, value) for at, value in points if value is not None][:periods]
    reason = _reason(settings, state, real, periods, needed, treatment)
    return Verdict(state, reason, _data(settings, query, real, now))


def _few(
    settings: Mapping[str, Any], query: Query, series: Series, grid: Grid, periods: int
) -> bool:
    """Say whether a percentile has too few samples to mean something, and is to be left alone."""
    if settings.get("EvaluateLowSampleCountPercentile") != "ignore" or query.metric is None:
        return False
    share = percentile(query.stat)
    if share is None or not 0.0 < share < 1.0:
        return False
    recent = grid._replace(begin=grid.end - periods * grid.period)
    found = distributions(series, query.metric, query.unit, recent)
    wanted = 10.0 / (1.0 - share if share >= 0.5 else share)
    return sum(values.count for values in found.values()) < wanted * (1 - 1e-9)


def _reason(
    settings: Mapping[str, Any],
    state: State,
    real: Sequence[tuple[int, float]],
    periods: int,
    needed: int,
    treatment: Treatment,
) -> str:
    if state == "INSUFFICIENT_DATA":
        unknown = periods - len(real)
        were = "datapoint was" if unknown == 1 else "datapoints were"
        return f"Insufficient Data: {unknown} {were} unknown."
    missing = periods - len(real)
    filled = ""
    if missing and treatment in ("breaching", "notBreaching"):
        as_what = "Breaching" if treatment == "breaching" else "NonBreaching"
        points = "datapoint was" if missing == 1 else "datapoints were"
        filled = f"{missing} missing {points} treated as [{as_what}]"
    if not real:
        over = "period" if periods == 1 else "periods"
        return f"Threshold Crossed: no datapoints were received for {periods} {over} and {filled}."
    return _crossed(settings, state, real, periods, needed, filled)


def _crossed(
    settings: Mapping[str, Any],
    state: State,
    real: Sequence[tuple[int, float]],
    periods: int,
    needed: int,
    filled: str,
) -> str:
    alarm = state == "ALARM"
    shown = [(at, value) for at, value in real if breaches(settings, value) is alarm]
    were = "was" if len(shown) == 1 else "were"
    values = ", ".join(f"{value} ({moment(at):%d/%m/%y %H:%M:%S})" for at, value in shown)
    number, least = f"{len(shown)} datapoint{'s' * (len(shown) != 1)}", ""
    if settings.get("DatapointsToAlarm") is not None:
        number = f"{len(shown)} out of the last {periods} datapoints"
        count = needed if alarm else periods - needed + 1
        change = "OK -> ALARM" if alarm else "ALARM -> OK"
        least = f" (minimum {count} datapoint{'s' * (count != 1)} for {change} transition)"
    return (
        f"Threshold Crossed: {number} [{values}] {were}{'' if alarm else ' not'} "
        f"{_WORDS[settings['ComparisonOperator']]} the threshold ({float(settings['Threshold'])})"
        f"{f' and {filled}' if filled else ''}{least}."
    )


def _data(
    settings: Mapping[str, Any], query: Query, real: Sequence[tuple[int, float]], now: float
) -> str:
    told: dict[str, Any] = {"version": "1.0", "queryDate": text(now)}
    if real:
        told["startDate"] = text(real[-1][0])
    if query.stat:
        told["statistic"] = query.stat
    told |= {
        "period": query.period,
        "recentDatapoints": [value for _, value in reversed(real)],
        "threshold": float(settings["Threshold"]),
        "evaluatedDatapoints": [{"timestamp": text(at), "value": value} for at, value in real],
    }
    return json.dumps(told, separators=(",", ":"))
