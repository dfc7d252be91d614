"""AWS::CloudWatch::Alarm and CompositeAlarm."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import trimmed
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    found,
    gone,
    picked,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    TAGS,
    TEXT,
    Shape,
    obj,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import tags_aspect

_DIMENSIONS = some(obj("Name", "Value", Name=TEXT, Value=TEXT), key="Name")
_METRIC = obj(Dimensions=_DIMENSIONS, MetricName=TEXT, Namespace=TEXT)
_STAT = obj("Metric", "Period", "Stat", Metric=_METRIC, Period=INTEGER, Stat=TEXT, Unit=TEXT)
_QUERY = obj(
    "Id",
    Expression=TEXT,
    Id=TEXT,
    Label=TEXT,
    MetricStat=_STAT,
    Period=INTEGER,
    ReturnData=BOOLEAN,
)
_COMMON: dict[str, Shape] = {
    "ActionsEnabled": BOOLEAN,
    "AlarmActions": some(TEXT),
    "AlarmDescription": TEXT,
    "AlarmName": TEXT,
    "InsufficientDataActions": some(TEXT),
    "OKActions": some(TEXT),
}
_ALARM: dict[str, Shape] = {
    **_COMMON,
    "ComparisonOperator": TEXT,
    "DatapointsToAlarm": INTEGER,
    "Dimensions": _DIMENSIONS,
    "EvaluateLowSampleCountPercentile": TEXT,
    "EvaluationPeriods": INTEGER,
    "ExtendedStatistic": TEXT,
    "MetricName": TEXT,
    "Metrics": some(_QUERY, key="Id"),
    "Namespace": TEXT,
    "Period": INTEGER,
    "Statistic": TEXT,
    "Threshold": NUMBER,
    "TreatMissingData": TEXT,
    "Unit": TEXT,
}
_COMPOSITE: dict[str, Shape] = {**_COMMON, "AlarmRule": TEXT}


def _arn(context: Context, name: str) -> str:
    return f"arn:aws:cloudwatch:{context.region}:{context.account}:alarm:{name}"


def _type(
    name: str, kind: str, operation: str, shapes: dict[str, Shape], required: tuple[str, ...]
) -> ResourceType:
    """A type of alarm: put whole at each change, and told by DescribeAlarms under its kind."""

    def make(context: Context, props: Props) -> Made:
        tags = props.get("Tags") or None
        context.call("cloudwatch", operation, Tags=tags, **picked(props, *shapes))
        return Made(props["AlarmName"], {"Arn": _arn(context, props["AlarmName"])})

    def put(context: Context, id_: str, new: Props, _: Props) -> None:
        context.call("cloudwatch", operation, **{**picked(new, *shapes), "AlarmName": id_})

    def read(context: Context, id_: str, _: Props) -> Props | None:
        answer = context.call(
            "cloudwatch", "DescribeAlarms", AlarmNames=[id_], AlarmTypes=[kind]
        ).get(f"{kind}s")
        if not answer:
            return None
        live: dict[str, Any] = answer[0]
        return {
            each: trimmed(shape, live[each])
            for each, shape in shapes.items()
            if live.get(each) is not None
        }

    return ResourceType(
        name=name,
        properties={**shapes, "Tags": TAGS},
        required=required,
        replaces=frozenset({"AlarmName"}),
        attributes=("Arn",),
        create=make,
        read=read,
        delete=lambda c, id_, _: gone(c, "cloudwatch", "DeleteAlarms", AlarmNames=[id_]),
        aspects=(Aspect(tuple(set(shapes) - {"AlarmName"}), put, on_create=False), _TAGGED),
        named_by="AlarmName",
        name_limit=255,
        tags="Tags",
        identity=lambda _, props: props["AlarmName"],
        refresh=lambda c, id_, _: {"Arn": _arn(c, id_)},
    )


def _read_tags(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "cloudwatch", "ListTagsForResource", ResourceARN=_arn(context, name))
    return {"Tags": (answer or {}).get("Tags", [])}


_TAGGED = tags_aspect(
    lambda c, id_, tags: c.call("cloudwatch", "TagResource", ResourceARN=_arn(c, id_), Tags=tags),
    lambda c, id_, keys: c.call(
        "cloudwatch", "UntagResource", ResourceARN=_arn(c, id_), TagKeys=keys
    ),
    _read_tags,
)

TYPES = table(
    _type(
        "AWS::CloudWatch::Alarm",
        "MetricAlarm",
        "PutMetricAlarm",
        _ALARM,
        ("ComparisonOperator", "EvaluationPeriods"),
    ),
    _type(
        "AWS::CloudWatch::CompositeAlarm",
        "CompositeAlarm",
        "PutCompositeAlarm",
        _COMPOSITE,
        ("AlarmRule",),
    ),
)
