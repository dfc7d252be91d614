"""What follows from a change of state: history, the event on the bus, and the alarm's actions."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from botocore.loaders import create_loader

from landrail.localaws.announcing import Origin, announce
from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.services.cloudwatch.alarms.book import Key, Record
from landrail.localaws.services.cloudwatch.alarms.definition import ACTIONS
from landrail.localaws.services.cloudwatch.alarms.history import History
from landrail.localaws.services.cloudwatch.moments import text

PRINCIPAL = "cloudwatch.amazonaws.com"
SERVICE = Caller(kind="service", arn=PRINCIPAL, account=None)
_SUBJECT = 100
_log = logging.getLogger(__name__)


def tell(
    platform: Platform, history: History, key: Key, alarm: Record, change: Mapping[str, Any]
) -> None:
    """Do all that follows from a change of state; what is refused is in the history and the log."""
    old, new = change["old"], change["new"]
    history.add(
        key.account,
        key.region,
        alarm,
        "StateUpdate",
        f"Alarm updated from {old['value']} to {new['value']}",
        {"oldState": _kept(old), "newState": _kept(new)},
    )
    detail = {
        "alarmName": key.name,
        "configuration": configuration(alarm),
        "previousState": _shown(old),
        "state": _shown(new),
    }
    publish(platform, key, "CloudWatch Alarm State Change", detail)
    if alarm["settings"]["ActionsEnabled"]:
        for arn in alarm["settings"][ACTIONS[new["value"]]]:
            _act(platform, history, key, alarm, change, arn)


def publish(platform: Platform, key: Key, kind: str, detail: Mapping[str, Any]) -> None:
    """Put an event about an alarm on the account's bus."""
    announce(platform, "cloudwatch", Origin(key.account, key.region, key.arn), kind, detail)


def configuration(alarm: Record) -> dict[str, Any]:
    """Return an alarm's configuration as events carry it."""
    settings = alarm["settings"]
    found: dict[str, Any] = {}
    if settings.get("AlarmDescription"):
        found["description"] = settings["AlarmDescription"]
    if alarm["kind"] == "CompositeAlarm":
        return found | {"alarmRule": settings["AlarmRule"]}
    return found | {"metrics": [_metric(one) for one in _queries(settings)]}


def _queries(settings: Mapping[str, Any]) -> list[dict[str, Any]]:
    if settings.get("Metrics"):
        return list(settings["Metrics"])
    metric = {
        "Namespace": settings["Namespace"],
        "MetricName": settings["MetricName"],
        "Dimensions": settings.get("Dimensions") or [],
    }
    stat = {
        "Metric": metric,
        "Period": settings["Period"],
        "Stat": settings.get("Statistic") or settings.get("ExtendedStatistic"),
    }
    return [{"Id": "m1", "MetricStat": stat, "ReturnData": True}]


def _metric(one: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one["Id"], "returnData": bool(one.get("ReturnData", True))}
    if one.get("Label"):
        found["label"] = one["Label"]
    if "Expression" in one:
        return found | {"expression": one["Expression"]}
    stat = one["MetricStat"]
    metric = {
        "dimensions": {
            each["Name"]: each["Value"] for each in stat["Metric"].get("Dimensions", [])
        },
        "name": stat["Metric"]["MetricName"],
        "namespace": stat["Metric"]["Namespace"],
    }
    return found | {
        "metricStat": {"metric": metric, "period": stat["Period"], "stat": stat["Stat"]}
    }


def _shown(state: Mapping[str, Any]) -> dict[str, Any]:
    found = {"reason": state["reason"], "timestamp": text(state["at"]), "value": state["value"]}
    return found | ({"reasonData": state["data"]} if state["data"] else {})


def _kept(state: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"stateValue": state["value"], "stateReason": state["reason"]}
    return found | ({"stateReasonData": json.loads(state["data"])} if state["data"] else {})


def _act(
    platform: Platform,
    history: History,
    key: Key,
    alarm: Record,
    change: Mapping[str, Any],
    arn: str,
) -> None:
    error = ""
    try:
        _notify(platform, key, alarm, change, arn)
    except ApiError as refused:
        error = f"{refused.code}: {refused.message}"
        _log.warning("alarm %s could not notify %s: %s", key.arn, arn, refused)
    summary = f"Successfully executed action {arn}"
    if error:
        summary = f"Failed to execute action {arn}. Received error: {error}"
    data = {
        "actionState": "Failed" if error else "Succeeded",
        "stateUpdateTimestamp": int(change["new"]["at"] * 1000),
        "notificationResource": arn,
        "error": error or None,
    }
    history.add(key.account, key.region, alarm, "Action", summary[:1024], data)


def _notify(
    platform: Platform, key: Key, alarm: Record, change: Mapping[str, Any], topic: str
) -> None:
    """Publish to a topic as CloudWatch, for the alarm and its account."""
    _, _, _, region, account, _ = topic.split(":", 5)
    params = {
        "TopicArn": topic,
        "Subject": f'{change["new"]["value"]}: "{key.name}" in {_called(key.region)}'[:_SUBJECT],
        "Message": json.dumps(_message(key, alarm, change)),
    }
    platform.call(
        SERVICE,
        "sns",
        "Publish",
        params,
        region=region,
        account=account,
        context={
            "aws:SourceArn": key.arn,
            "aws:SourceAccount": key.account,
            "aws:SourceOwner": key.account,
        },
    )


def _message(key: Key, alarm: Record, change: Mapping[str, Any]) -> dict[str, Any]:
    settings, old, new = alarm["settings"], change["old"], change["new"]
    return {
        "AlarmName": key.name,
        "AlarmDescription": settings.get("AlarmDescription"),
        "AWSAccountId": key.account,
        "AlarmConfigurationUpdatedTimestamp": text(alarm["configured"]),
        "NewStateValue": new["value"],
        "NewStateReason": new["reason"],
        "StateChangeTime": text(new["at"]),
        "Region": _called(key.region),
        "AlarmArn": key.arn,
        "OldStateValue": old["value"],
        **{name: settings[name] for name in ACTIONS.values()},
        **(
            {"AlarmRule": settings["AlarmRule"]}
            if alarm["kind"] == "CompositeAlarm"
            else {"Trigger": _trigger(settings)}
        ),
    }


def _trigger(settings: Mapping[str, Any]) -> dict[str, Any]:
    names = (
        *("Period", "EvaluationPeriods", "DatapointsToAlarm", "ComparisonOperator", "Threshold"),
        "Metrics",
    )
    return {
        **(_single(settings) if settings.get("MetricName") else {}),
        **{name: settings[name] for name in names if settings.get(name) is not None},
        "TreatMissingData": settings.get("TreatMissingData") or "missing",
        "EvaluateLowSampleCountPercentile": settings.get("EvaluateLowSampleCountPercentile") or "",
    }


def _single(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a message says of the one metric of an alarm."""
    simple = settings.get("Statistic")
    kind = "Statistic" if simple else "ExtendedStatistic"
    return {
        "MetricName": settings["MetricName"],
        "Namespace": settings["Namespace"],
        "StatisticType": kind,
        kind: str(simple).upper() if simple else settings["ExtendedStatistic"],
        "Unit": settings.get("Unit"),
        "Dimensions": [
            {"name": one["Name"], "value": one["Value"]} for one in settings.get("Dimensions") or ()
        ],
    }


@cache
def _called(region: str) -> str:
    """How messages call a region: `EU (Ireland)`."""
    for partition in create_loader().load_data("partitions")["partitions"]:
        if region in partition["regions"]:
            name = str(partition["regions"][region]["description"])
            return name.replace("Europe (", "EU (")
    return region
