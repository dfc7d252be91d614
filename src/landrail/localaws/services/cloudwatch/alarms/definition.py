"""PutMetricAlarm and PutCompositeAlarm: the settings of an alarm, checked before they are kept.

Source: the API references of both. What the local AWS does not have is refused by name: anomaly
detection, suppressed actions, log alarms, actions other than SNS.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from landrail.localaws.api import ApiCall
from landrail.localaws.services.cloudwatch.errors import (
    invalid,
    lacking,
    not_here,
    only,
    wrong_combination,
)
from landrail.localaws.services.cloudwatch.queries import Query, period_of, read
from landrail.localaws.services.cloudwatch.statistics import SIMPLE, percentile, statistic

ACTIONS = {
    "OK": "OKActions",
    "ALARM": "AlarmActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}
_COMMON = frozenset({"AlarmName", "AlarmDescription", "ActionsEnabled", "Tags", *ACTIONS.values()})
_SINGLE = ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period")
_OF_METRIC = (
    *(*_SINGLE, "Dimensions", "Unit", "EvaluationPeriods", "DatapointsToAlarm", "Threshold"),
    *("ComparisonOperator", "TreatMissingData", "EvaluateLowSampleCountPercentile", "Metrics"),
)
_COMPARISONS = (
    *("GreaterThanOrEqualToThreshold", "GreaterThanThreshold"),
    *("LessThanThreshold", "LessThanOrEqualToThreshold"),
)
_TREATMENTS = ("breaching", "notBreaching", "ignore", "missing")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_METRICS = 10
_DAY = 86_400


def metric_settings(call: ApiCall) -> dict[str, Any]:
    """Return the settings of a metric alarm as DescribeAlarms tells them; raises ApiError."""
    only(call, _COMMON | set(_OF_METRIC))
    params = call.params
    if params.get("EvaluationPeriods") is None:
        raise lacking("EvaluationPeriods")
    if params.get("ComparisonOperator") is None:
        raise lacking("ComparisonOperator")
    if params["ComparisonOperator"] not in _COMPARISONS:
        raise not_here(f"anomaly detection (ComparisonOperator {params['ComparisonOperator']})")
    if params.get("Threshold") is None:
        raise lacking("Threshold")
    if not math.isfinite(float(params["Threshold"])):
        raise invalid("The parameter Threshold must be a finite number.")
    period = _math(call) if params.get("Metrics") else _single(params)
    _windows(params, period)
    _missing(params)
    return _common(call) | {name: params[name] for name in _OF_METRIC if name in params}


def composite_settings(call: ApiCall) -> dict[str, Any]:
    """Return the settings of a composite alarm but for its rule, which is checked elsewhere."""
    only(call, _COMMON | {"AlarmRule"})
    return _common(call) | {"AlarmRule": call.params["AlarmRule"]}


def queries(settings: Mapping[str, Any], account: str, region: str) -> dict[str, Query]:
    """Return what a metric alarm looks at, by ids; the one with `returns` is what it judges."""
    asked = settings.get("Metrics")
    if not asked:
        metric = {name: settings[name] for name in ("Namespace", "MetricName")}
        stat = {
            "Metric": {**metric, "Dimensions": settings.get("Dimensions") or []},
            "Period": settings["Period"],
            "Stat": settings.get("Statistic") or settings.get("ExtendedStatistic"),
        }
        if settings.get("Unit"):
            stat["Unit"] = settings["Unit"]
        asked = [{"Id": "m1", "MetricStat": stat}]
    return read(asked, account, region, "Metrics")


def judged(found: Mapping[str, Query]) -> Query:
    """Return the query that an alarm judges."""
    return next(query for query in found.values() if query.returns)


def period_in(found: Mapping[str, Query]) -> int:
    """Return the period of an alarm's data points."""
    return judged(found).period or max(query.period for query in found.values())


def _common(call: ApiCall) -> dict[str, Any]:
    params = call.params
    if _CONTROL.search(str(params["AlarmName"])):
        raise invalid("The parameter AlarmName must not contain ASCII control characters.")
    found: dict[str, Any] = {
        "AlarmName": params["AlarmName"],
        "ActionsEnabled": bool(params.get("ActionsEnabled", True)),
    }
    if params.get("AlarmDescription") is not None:
        found["AlarmDescription"] = params["AlarmDescription"]
    for name in ACTIONS.values():
        found[name] = list(dict.fromkeys(params.get(name) or ()))
        for arn in found[name]:
            _action(arn, name)
    return found


def _action(arn: str, name: str) -> None:
    parts = arn.split(":")
    if len(parts) < 6 or parts[0] != "arn":
        raise invalid(f"Invalid arn syntax: {arn}")
    if parts[2] != "sns" or len(parts) != 6:
        raise not_here(f"alarm actions other than SNS topics ({arn} of {name})")


def _single(params: Mapping[str, Any]) -> int:
    for name in ("Namespace", "MetricName", "Period"):
        if not params.get(name):
            raise lacking(name)
    simple, extended = params.get("Statistic"), params.get("ExtendedStatistic")
    if bool(simple) is bool(extended):
        raise wrong_combination(
            "The parameters Statistic and ExtendedStatistic are mutually exclusive, and one of "
            "them is required."
        )
    if extended and (extended in SIMPLE or statistic(str(extended)) is None):
        raise invalid(f"The value {extended} for parameter ExtendedStatistic is not supported.")
    return period_of(int(params["Period"]), "Period")


def _math(call: ApiCall) -> int:
    params = call.params
    for name in (*_SINGLE, "Dimensions", "Unit"):
        if params.get(name):
            raise wrong_combination(
                f"The parameters Metrics and {name} are mutually exclusive and you have specified "
                "both."
            )
    found = read(params["Metrics"], call.account, call.region, "Metrics")
    if sum(query.returns for query in found.values()) != 1:
        raise invalid("Exactly one element of the metrics list should return data.")
    metrics = [query for query in found.values() if query.metric is not None]
    if not metrics:
        raise invalid("The metrics list must contain at least one metric.")
    if len(metrics) > _METRICS:
        raise invalid(f"The metrics list has at most {_METRICS} metrics.")
    periods = {query.period for query in found.values() if query.period}
    if len(periods) > 1:
        raise invalid("Metrics list must use the same period for all of its elements.")
    return period_in(found)


def _windows(params: Mapping[str, Any], period: int) -> None:
    if period in (1, 5):
        raise invalid(f"Period of an alarm must be 10, 20, 30, or a multiple of 60, not {period}.")
    periods = int(params["EvaluationPeriods"])
    needed = params.get("DatapointsToAlarm")
    if needed is not None and not 1 <= int(needed) <= periods:
        raise invalid(
            "The parameter DatapointsToAlarm must be at least 1 and not greater than "
            f"EvaluationPeriods; it is {needed}."
        )
    longest = 7 * _DAY if period >= 3_600 else _DAY
    if period * periods > longest:
        raise invalid(
            "Metrics cannot be checked across more than "
            f"{'seven days' if longest > _DAY else 'a day'} (EvaluationPeriods * Period must be "
            f"<= {longest})."
        )


def _missing(params: Mapping[str, Any]) -> None:
    treatment = params.get("TreatMissingData")
    if treatment is not None and treatment not in _TREATMENTS:
        raise invalid(
            f"Option {treatment} is not supported for TreatMissingData parameter: it is one of "
            f"{', '.join(_TREATMENTS)}."
        )
    low = params.get("EvaluateLowSampleCountPercentile")
    if low is None:
        return
    if low not in ("evaluate", "ignore"):
        raise invalid(
            f"Option {low} is not supported for EvaluateLowSampleCountPercentile parameter."
        )
    if not _percentile(params):
        raise wrong_combination(
            "EvaluateLowSampleCountPercentile is for alarms on a percentile alone."
        )


def _percentile(params: Mapping[str, Any]) -> bool:
    named: Sequence[str] = (str(params.get("ExtendedStatistic") or ""),)
    return any(percentile(name) is not None for name in named)
