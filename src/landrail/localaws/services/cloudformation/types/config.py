"""AWS::Config: recorder, delivery channel, rules, aggregation."""

from __future__ import annotations

from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.types.documents import (
    parsed,
    respelled,
    restored,
    text,
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
    picked,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    DOCUMENT,
    TAGS,
    TEXT,
    many,
    obj,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import tags_aspect

_RECORDING = obj(
    AllSupported=BOOLEAN,
    ExclusionByResourceTypes=obj("ResourceTypes", ResourceTypes=some(TEXT)),
    IncludeGlobalResourceTypes=BOOLEAN,
    RecordingStrategy=obj("UseOnly", UseOnly=TEXT),
    ResourceTypes=some(TEXT),
)


_MODE = obj(
    "RecordingFrequency",
    RecordingFrequency=TEXT,
    RecordingModeOverrides=some(
        obj(
            "RecordingFrequency",
            "ResourceTypes",
            Description=TEXT,
            RecordingFrequency=TEXT,
            ResourceTypes=some(TEXT),
        )
    ),
)
_EVERY_TIME = {"RecordingFrequency": "CONTINUOUS"}


def _put_recorder(context: Context, name: str, new: Props, _: Props) -> None:
    recorder: dict[str, Any] = {"name": name, "roleARN": new["RoleARN"]}
    if "RecordingGroup" in new:
        recorder["recordingGroup"] = respelled(_RECORDING, new["RecordingGroup"])
    if "RecordingMode" in new:
        recorder["recordingMode"] = respelled(_MODE, new["RecordingMode"])
    context.call("config", "PutConfigurationRecorder", ConfigurationRecorder=recorder)


def _make_recorder(context: Context, props: Props) -> Made:
    """Make the recorder, and start it where a delivery channel is there already; else the channel
    starts it when it comes."""
    _put_recorder(context, props["Name"], props, {})
    channels = context.call("config", "DescribeDeliveryChannels")
    if channels.get("DeliveryChannels"):
        _start(context, props["Name"])
    return Made(props["Name"])


def _start(context: Context, name: str) -> None:
    context.call("config", "StartConfigurationRecorder", ConfigurationRecorderName=name)


def _read_recorder(context: Context, name: str, _: Props) -> Props | None:
    answer = found(
        context, "config", "DescribeConfigurationRecorders", ConfigurationRecorderNames=[name]
    )
    recorders = (answer or {}).get("ConfigurationRecorders")
    if not recorders:
        return None
    recorder = recorders[0]
    group = restored(_RECORDING, recorder.get("recordingGroup"))
    live: dict[str, Any] = {"Name": name, "RoleARN": recorder["roleARN"]}
    mode = restored(_MODE, recorder.get("recordingMode"))
    if mode and mode != _EVERY_TIME:
        live["RecordingMode"] = mode
    return live | ({"RecordingGroup": group} if group else {})


def _delete_recorder(context: Context, name: str, _: Props) -> None:
    gone(context, "config", "StopConfigurationRecorder", ConfigurationRecorderName=name)
    gone(context, "config", "DeleteConfigurationRecorder", ConfigurationRecorderName=name)


_RECORDER = ResourceType(
    name="AWS::Config::ConfigurationRecorder",
    properties={
        "Name": TEXT,
        "RecordingGroup": _RECORDING,
        "RecordingMode": _MODE,
        "RoleARN": TEXT,
    },
    required=("RoleARN",),
    replaces=frozenset({"Name"}),
    create=_make_recorder,
    read=_read_recorder,
    delete=_delete_recorder,
    aspects=(
        Aspect(("RecordingGroup", "RecordingMode", "RoleARN"), _put_recorder, on_create=False),
    ),
    named_by="Name",
    name_limit=256,
    identity=lambda _, props: props["Name"],
    refresh=lambda *_: {},
)

_ATTEMPTS, _PAUSE = 40, 0.25
_DELIVERY = obj(DeliveryFrequency=TEXT)
_CHANNEL_NAMES = {
    "S3BucketName": "s3BucketName",
    "S3KeyPrefix": "s3KeyPrefix",
    "S3KmsKeyArn": "s3KmsKeyArn",
    "SnsTopicARN": "snsTopicARN",
}


def _put_channel(context: Context, name: str, new: Props, _: Props) -> None:
    channel = {call: new[own] for own, call in _CHANNEL_NAMES.items() if own in new}
    if "ConfigSnapshotDeliveryProperties" in new:
        delivery = respelled(_DELIVERY, new["ConfigSnapshotDeliveryProperties"])
        channel["configSnapshotDeliveryProperties"] = delivery
    context.call("config", "PutDeliveryChannel", DeliveryChannel={"name": name, **channel})


def _await_recorder(context: Context, props: Props) -> None:
    """Put the channel; a recorder that the same stack is making may come a moment later."""
    for _ in range(_ATTEMPTS):
        try:
            _put_channel(context, props["Name"], props, {})
        except ApiError as error:
            if error.code != "NoAvailableConfigurationRecorderException":
                raise
            context.pause(_PAUSE)
        else:
            return
    _put_channel(context, props["Name"], props, {})


def _make_channel(context: Context, props: Props) -> Made:
    """Make the channel and start the recorder that waited for it."""
    _await_recorder(context, props)
    answer = context.call("config", "DescribeConfigurationRecorderStatus")
    for status in answer.get("ConfigurationRecordersStatus", []):
        if not status.get("recording"):
            _start(context, status["name"])
    return Made(props["Name"])


def _read_channel(context: Context, name: str, _: Props) -> Props | None:
    answer = found(context, "config", "DescribeDeliveryChannels", DeliveryChannelNames=[name])
    channels = (answer or {}).get("DeliveryChannels")
    if not channels:
        return None
    channel = channels[0]
    live = {own: channel[call] for own, call in _CHANNEL_NAMES.items() if call in channel}
    delivery = restored(_DELIVERY, channel.get("configSnapshotDeliveryProperties"))
    if delivery:
        live["ConfigSnapshotDeliveryProperties"] = delivery
    return {"Name": name, **live}


def _delete_channel(context: Context, name: str, _: Props) -> None:
    """Delete the channel; a running recorder would not let it go, so it is stopped before."""
    answer = found(context, "config", "DescribeConfigurationRecorderStatus") or {}
    for status in answer.get("ConfigurationRecordersStatus", []):
        if status.get("recording"):
            recorder = status["name"]
            gone(
                context,
                "config",
                "StopConfigurationRecorder",
                ConfigurationRecorderName=recorder,
            )
    gone(context, "config", "DeleteDeliveryChannel", DeliveryChannelName=name)


_CHANNEL = ResourceType(
    name="AWS::Config::DeliveryChannel",
    properties={
        **dict.fromkeys(_CHANNEL_NAMES, TEXT),
        "ConfigSnapshotDeliveryProperties": _DELIVERY,
        "Name": TEXT,
    },
    required=("S3BucketName",),
    replaces=frozenset({"Name"}),
    create=_make_channel,
    read=_read_channel,
    delete=_delete_channel,
    aspects=(
        Aspect(
            (*_CHANNEL_NAMES, "ConfigSnapshotDeliveryProperties"), _put_channel, on_create=False
        ),
    ),
    named_by="Name",
    name_limit=256,
    identity=lambda _, props: props["Name"],
    refresh=lambda *_: {},
)

_SOURCE = obj(
    "Owner",
    CustomPolicyDetails=obj(
        "PolicyRuntime",
        "PolicyText",
        EnableDebugLogDelivery=BOOLEAN,
        PolicyRuntime=TEXT,
        PolicyText=TEXT,
    ),
    Owner=TEXT,
    SourceDetails=some(
        obj(
            "EventSource",
            "MessageType",
            EventSource=TEXT,
            MaximumExecutionFrequency=TEXT,
            MessageType=TEXT,
        )
    ),
    SourceIdentifier=TEXT,
)
_SCOPE = obj(
    ComplianceResourceId=TEXT, ComplianceResourceTypes=some(TEXT), TagKey=TEXT, TagValue=TEXT
)
_RULE_NAMES = ("Description", "MaximumExecutionFrequency", "Scope", "Source")


def _put_rule(context: Context, name: str, new: Props, _: Props) -> None:
    rule = {"ConfigRuleName": name, **picked(new, *_RULE_NAMES)}
    if "InputParameters" in new:
        rule["InputParameters"] = text(new["InputParameters"])
    context.call("config", "PutConfigRule", ConfigRule=rule)


def _make_rule(context: Context, props: Props) -> Made:
    name = props["ConfigRuleName"]
    _put_rule(context, name, props, {})
    return Made(name, _rule_attributes(context, name, props))


def _rule(context: Context, name: str) -> dict[str, Any] | None:
    answer = found(context, "config", "DescribeConfigRules", ConfigRuleNames=[name])
    rules = (answer or {}).get("ConfigRules")
    return rules[0] if rules else None


def _rule_attributes(context: Context, name: str, _: Props) -> dict[str, str]:
    rule = _rule(context, name) or {}
    return {"Arn": str(rule.get("ConfigRuleArn", "")), "ConfigRuleId": str(rule["ConfigRuleId"])}


def _read_rule(context: Context, name: str, _: Props) -> Props | None:
    rule = _rule(context, name)
    if rule is None:
        return None
    live: dict[str, Any] = {"ConfigRuleName": name, **picked(rule, *_RULE_NAMES)}
    details = rule["Source"].get("CustomPolicyDetails")
    if details is not None:
        policy = context.call("config", "GetCustomRulePolicy", ConfigRuleName=name)
        told = {**details, "PolicyText": policy["PolicyText"]}
        live["Source"] = {**rule["Source"], "CustomPolicyDetails": told}
    given = rule.get("InputParameters")
    return live | ({"InputParameters": parsed(given)} if given else {})


_RULE = ResourceType(
    name="AWS::Config::ConfigRule",
    properties={
        "ConfigRuleName": TEXT,
        "Description": TEXT,
        "InputParameters": DOCUMENT,
        "MaximumExecutionFrequency": TEXT,
        "Scope": _SCOPE,
        "Source": _SOURCE,
    },
    required=("Source",),
    replaces=frozenset({"ConfigRuleName"}),
    attributes=("Arn", "ConfigRuleId"),
    create=_make_rule,
    read=_read_rule,
    delete=lambda c, name, _: gone(c, "config", "DeleteConfigRule", ConfigRuleName=name),
    aspects=(Aspect((*_RULE_NAMES, "InputParameters"), _put_rule, on_create=False),),
    named_by="ConfigRuleName",
    name_limit=128,
    identity=lambda _, props: props["ConfigRuleName"],
    refresh=_rule_attributes,
)

_ACCOUNTS = many(
    obj("AccountIds", AccountIds=some(TEXT), AllAwsRegions=BOOLEAN, AwsRegions=some(TEXT))
)
_ORGANIZATION = obj("RoleArn", AllAwsRegions=BOOLEAN, AwsRegions=some(TEXT), RoleArn=TEXT)
_SOURCES = ("AccountAggregationSources", "OrganizationAggregationSource")


def _put_aggregator(context: Context, name: str, new: Props, _: Props) -> dict[str, Any]:
    return context.call(
        "config",
        "PutConfigurationAggregator",
        ConfigurationAggregatorName=name,
        Tags=new.get("Tags") or None,
        **picked(new, *_SOURCES),
    )


def _change_aggregator(context: Context, name: str, new: Props, old: Props) -> None:
    # With its tags: the store takes an update without them for one that removes them.
    _put_aggregator(context, name, new, old)


def _make_aggregator(context: Context, props: Props) -> Made:
    name = props["ConfigurationAggregatorName"]
    made = _put_aggregator(context, name, props, {})["ConfigurationAggregator"]
    arn = made["ConfigurationAggregatorArn"]
    return Made(name, {"ConfigurationAggregatorArn": arn})


def _read_aggregator(context: Context, name: str, _: Props) -> Props | None:
    answer = found(
        context,
        "config",
        "DescribeConfigurationAggregators",
        ConfigurationAggregatorNames=[name],
    )
    known = (answer or {}).get("ConfigurationAggregators")
    if not known:
        return None
    live: dict[str, Any] = {"ConfigurationAggregatorName": name}
    if known[0].get("AccountAggregationSources"):
        live["AccountAggregationSources"] = known[0]["AccountAggregationSources"]
    organization = known[0].get("OrganizationAggregationSource")
    if organization:
        live["OrganizationAggregationSource"] = trimmed(_ORGANIZATION, organization)
    return live


def _aggregator_arn(context: Context, name: str) -> str:
    answer = context.call(
        "config", "DescribeConfigurationAggregators", ConfigurationAggregatorNames=[name]
    )
    return str(answer["ConfigurationAggregators"][0]["ConfigurationAggregatorArn"])


def _read_tags(context: Context, arn: str) -> Props:
    answer = context.call("config", "ListTagsForResource", ResourceArn=arn)
    return {"Tags": answer.get("Tags", [])}


_AGGREGATOR = ResourceType(
    name="AWS::Config::ConfigurationAggregator",
    properties={
        "AccountAggregationSources": _ACCOUNTS,
        "ConfigurationAggregatorName": TEXT,
        "OrganizationAggregationSource": _ORGANIZATION,
        "Tags": TAGS,
    },
    replaces=frozenset({"ConfigurationAggregatorName"}),
    attributes=("ConfigurationAggregatorArn",),
    create=_make_aggregator,
    read=_read_aggregator,
    delete=lambda c, name, _: gone(
        c, "config", "DeleteConfigurationAggregator", ConfigurationAggregatorName=name
    ),
    aspects=(
        Aspect(_SOURCES, _change_aggregator, on_create=False),
        tags_aspect(
            lambda c, name, tags: c.call(
                "config", "TagResource", ResourceArn=_aggregator_arn(c, name), Tags=tags
            ),
            lambda c, name, keys: c.call(
                "config", "UntagResource", ResourceArn=_aggregator_arn(c, name), TagKeys=keys
            ),
            lambda c, name, _: _read_tags(c, _aggregator_arn(c, name)),
        ),
    ),
    named_by="ConfigurationAggregatorName",
    name_limit=256,
    tags="Tags",
)


def _make_authorization(context: Context, props: Props) -> Made:
    made = context.call(
        "config",
        "PutAggregationAuthorization",
        Tags=props.get("Tags") or None,
        **picked(props, "AuthorizedAccountId", "AuthorizedAwsRegion"),
    )["AggregationAuthorization"]
    arn = made["AggregationAuthorizationArn"]
    return Made(arn, {"AggregationAuthorizationArn": arn})


def _read_authorization(context: Context, arn: str, _: Props) -> Props | None:
    token = None
    while True:
        answer = context.call("config", "DescribeAggregationAuthorizations", NextToken=token)
        for known in answer.get("AggregationAuthorizations", []):
            if known["AggregationAuthorizationArn"] == arn:
                return picked(known, "AuthorizedAccountId", "AuthorizedAwsRegion")
        token = answer.get("NextToken")
        if not token:
            return None


_AUTHORIZATION = ResourceType(
    name="AWS::Config::AggregationAuthorization",
    properties={"AuthorizedAccountId": TEXT, "AuthorizedAwsRegion": TEXT, "Tags": TAGS},
    required=("AuthorizedAccountId", "AuthorizedAwsRegion"),
    replaces=frozenset({"AuthorizedAccountId", "AuthorizedAwsRegion"}),
    attributes=("AggregationAuthorizationArn",),
    create=_make_authorization,
    read=_read_authorization,
    delete=lambda c, _, p: gone(
        c,
        "config",
        "DeleteAggregationAuthorization",
        **picked(p, "AuthorizedAccountId", "AuthorizedAwsRegion"),
    ),
    aspects=(
        tags_aspect(
            lambda c, arn, tags: c.call("config", "TagResource", ResourceArn=arn, Tags=tags),
            lambda c, arn, keys: c.call("config", "UntagResource", ResourceArn=arn, TagKeys=keys),
            lambda c, arn, _: _read_tags(c, arn),
        ),
    ),
    tags="Tags",
)

TYPES = table(_RECORDER, _CHANNEL, _RULE, _AGGREGATOR, _AUTHORIZATION)
