"""AWS::CloudTrail::Trail."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import (
    trimmed,
)
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    found,
    gone,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    TAGS,
    TEXT,
    many,
    obj,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import tags_aspect

_SETTINGS = {
    "CloudWatchLogsLogGroupArn": "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn": "CloudWatchLogsRoleArn",
    "EnableLogFileValidation": "EnableLogFileValidation",
    "IncludeGlobalServiceEvents": "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail": "IsMultiRegionTrail",
    "IsOrganizationTrail": "IsOrganizationTrail",
    "KMSKeyId": "KmsKeyId",
    "S3BucketName": "S3BucketName",
    "S3KeyPrefix": "S3KeyPrefix",
    "SnsTopicName": "SnsTopicName",
}
_SELECTOR = obj(
    DataResources=many(obj("Type", Type=TEXT, Values=many(TEXT))),
    ExcludeManagementEventSources=some(TEXT),
    IncludeManagementEvents=BOOLEAN,
    ReadWriteType=TEXT,
)
_FIELD = obj(
    "Field",
    Field=TEXT,
    **{
        name: some(TEXT)
        for name in (
            "Equals",
            "NotEquals",
            "StartsWith",
            "NotStartsWith",
            "EndsWith",
            "NotEndsWith",
        )
    },
)
_ADVANCED = obj("FieldSelectors", FieldSelectors=many(_FIELD), Name=TEXT)


def _settings(props: Props) -> dict[str, Any]:
    return {call: props[name] for name, call in _SETTINGS.items() if name in props}


def _make_trail(context: Context, props: Props) -> Made:
    trail = context.call(
        "cloudtrail",
        "CreateTrail",
        Name=props["TrailName"],
        TagsList=props.get("Tags") or None,
        **_settings(props),
    )
    attributes = {"Arn": trail["TrailARN"]}
    if trail.get("SnsTopicARN"):
        attributes["SnsTopicArn"] = trail["SnsTopicARN"]
    return Made(props["TrailName"], attributes)


def _read_trail(context: Context, name: str, _: Props) -> Props | None:
    answer = found(context, "cloudtrail", "GetTrail", Name=name)
    if answer is None:
        return None
    trail = {
        **answer["Trail"],
        "EnableLogFileValidation": answer["Trail"].get("LogFileValidationEnabled", False),
    }
    live = {own: trail[call] for own, call in _SETTINGS.items() if trail.get(call) is not None}
    return {"TrailName": name, **live}


def _put_trail(context: Context, name: str, new: Props, _: Props) -> None:
    cleared = {"S3KeyPrefix": "", "SnsTopicName": ""} | _settings(new)
    if not cleared["SnsTopicName"]:
        cleared.pop("SnsTopicName")
    context.call("cloudtrail", "UpdateTrail", Name=name, **cleared)


def _put_logging(context: Context, name: str, new: Props, _: Props) -> None:
    operation = "StartLogging" if new["IsLogging"] else "StopLogging"
    context.call("cloudtrail", operation, Name=name)


def _read_logging(context: Context, name: str, _: Props) -> Props:
    answer = context.call("cloudtrail", "GetTrailStatus", Name=name)
    return {"IsLogging": answer["IsLogging"]}


def _put_selectors(context: Context, name: str, new: Props, _: Props) -> None:
    advanced, plain = new.get("AdvancedEventSelectors"), new.get("EventSelectors")
    if not advanced and not plain:
        plain = [{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}]
    context.call(
        "cloudtrail",
        "PutEventSelectors",
        TrailName=name,
        AdvancedEventSelectors=advanced,
        EventSelectors=plain,
    )


def _read_selectors(context: Context, name: str, _: Props) -> Props:
    answer = context.call("cloudtrail", "GetEventSelectors", TrailName=name)
    return {
        "EventSelectors": [trimmed(_SELECTOR, s) for s in answer.get("EventSelectors") or []],
        "AdvancedEventSelectors": [
            trimmed(_ADVANCED, s) for s in answer.get("AdvancedEventSelectors") or []
        ],
    }


def _trail_arn(context: Context, name: str) -> str:
    return f"arn:aws:cloudtrail:{context.region}:{context.account}:trail/{name}"


def _trail_tags(context: Context, name: str, _: Props) -> Props:
    arn = _trail_arn(context, name)
    answer = context.call("cloudtrail", "ListTags", ResourceIdList=[arn])
    listed = answer.get("ResourceTagList") or [{}]
    return {"Tags": listed[0].get("TagsList", [])}


_TRAIL = ResourceType(
    name="AWS::CloudTrail::Trail",
    properties={
        "AdvancedEventSelectors": some(_ADVANCED, key="Name"),
        "CloudWatchLogsLogGroupArn": TEXT,
        "CloudWatchLogsRoleArn": TEXT,
        "EnableLogFileValidation": BOOLEAN,
        "EventSelectors": many(_SELECTOR),
        "IncludeGlobalServiceEvents": BOOLEAN,
        "IsLogging": BOOLEAN,
        "IsMultiRegionTrail": BOOLEAN,
        "IsOrganizationTrail": BOOLEAN,
        "KMSKeyId": TEXT,
        "S3BucketName": TEXT,
        "S3KeyPrefix": TEXT,
        "SnsTopicName": TEXT,
        "Tags": TAGS,
        "TrailName": TEXT,
    },
    required=("S3BucketName", "IsLogging"),
    replaces=frozenset({"TrailName"}),
    attributes=("Arn", "SnsTopicArn"),
    create=_make_trail,
    read=_read_trail,
    delete=lambda c, name, _: gone(c, "cloudtrail", "DeleteTrail", Name=name),
    aspects=(
        Aspect(tuple(_SETTINGS), _put_trail, on_create=False),
        Aspect(("EventSelectors", "AdvancedEventSelectors"), _put_selectors, _read_selectors),
        Aspect(("IsLogging",), _put_logging, _read_logging),
        tags_aspect(
            lambda c, name, tags: c.call(
                "cloudtrail", "AddTags", ResourceId=_trail_arn(c, name), TagsList=tags
            ),
            lambda c, name, keys: c.call(
                "cloudtrail",
                "RemoveTags",
                ResourceId=_trail_arn(c, name),
                TagsList=[{"Key": key} for key in keys],
            ),
            _trail_tags,
        ),
    ),
    named_by="TrailName",
    name_limit=128,
    tags="Tags",
)


TYPES = table(_TRAIL)
