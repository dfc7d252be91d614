"""AWS::SSM::Parameter, AWS::Logs::LogGroup, AWS::SNS::Topic and its policy."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import parsed, text
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
    DOCUMENT,
    INTEGER,
    TAG_MAP,
    TAGS,
    TEXT,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import as_map, from_map, tags_aspect

_VALUES = ("Type", "Value", "Description", "AllowedPattern", "DataType", "Tier")


def _make_parameter(context: Context, props: Props) -> Made:
    name = props["Name"]
    tags = from_map(props.get("Tags")) or None
    context.call("ssm", "PutParameter", Name=name, Tags=tags, **picked(props, *_VALUES))
    return Made(name)


def _parameter_attributes(_: Context, __: str, props: Props) -> dict[str, str]:
    return {"Type": props["Type"], "Value": props["Value"]}


def _read_parameter(context: Context, name: str, _: Props) -> Props | None:
    answer = found(context, "ssm", "GetParameter", Name=name)
    if answer is None:
        return None
    return {"Name": name, **picked(answer["Parameter"], "Type", "Value", "DataType")}


def _put_parameter(context: Context, name: str, new: Props, _: Props) -> None:
    context.call("ssm", "PutParameter", Name=name, Overwrite=True, **picked(new, *_VALUES))


def _parameter_tags(context: Context, name: str, _: Props) -> Props:
    answer = context.call("ssm", "ListTagsForResource", ResourceType="Parameter", ResourceId=name)
    return {"Tags": as_map(answer.get("TagList"))}


_PARAMETER = ResourceType(
    name="AWS::SSM::Parameter",
    properties={
        "AllowedPattern": TEXT,
        "DataType": TEXT,
        "Description": TEXT,
        "Name": TEXT,
        "Tags": TAG_MAP,
        "Tier": TEXT,
        "Type": TEXT,
        "Value": TEXT,
    },
    required=("Type", "Value"),
    replaces=frozenset({"Name"}),
    attributes=("Type", "Value"),
    create=_make_parameter,
    read=_read_parameter,
    delete=lambda c, name, _: gone(c, "ssm", "DeleteParameter", Name=name),
    aspects=(
        Aspect(_VALUES, _put_parameter, on_create=False),
        tags_aspect(
            lambda c, name, tags: c.call(
                "ssm", "AddTagsToResource", ResourceType="Parameter", ResourceId=name, Tags=tags
            ),
            lambda c, name, keys: c.call(
                "ssm",
                "RemoveTagsFromResource",
                ResourceType="Parameter",
                ResourceId=name,
                TagKeys=keys,
            ),
            _parameter_tags,
        ),
    ),
    named_by="Name",
    name_limit=255,
    tags="Tags",
    hidden=frozenset({"AllowedPattern", "Description", "Tier"}),
    refreshed=frozenset({"Type", "Value"}),
    refresh=_parameter_attributes,
    identity=lambda _, props: props["Name"],
)


def _group_arn(context: Context, name: str) -> str:
    return f"arn:aws:logs:{context.region}:{context.account}:log-group:{name}"


def _make_group(context: Context, props: Props) -> Made:
    name = props["LogGroupName"]
    context.call(
        "logs",
        "CreateLogGroup",
        logGroupName=name,
        kmsKeyId=props.get("KmsKeyId"),
        logGroupClass=props.get("LogGroupClass"),
        tags=as_map(props.get("Tags")) or None,
    )
    return Made(name, _group_attributes(context, name, props))


def _group_attributes(context: Context, name: str, _: Props) -> dict[str, str]:
    return {"Arn": _group_arn(context, name) + ":*"}


def _read_group(context: Context, name: str, _: Props) -> Props | None:
    token = None
    while True:
        answer = context.call("logs", "DescribeLogGroups", logGroupNamePrefix=name, nextToken=token)
        for group in answer.get("logGroups", []):
            if group["logGroupName"] == name:
                live = {
                    "LogGroupName": name,
                    "KmsKeyId": group.get("kmsKeyId"),
                    "LogGroupClass": group.get("logGroupClass", "STANDARD"),
                    "RetentionInDays": group.get("retentionInDays"),
                }
                return {key: value for key, value in live.items() if value is not None}
        token = answer.get("nextToken")
        if not token:
            return None


def _put_retention(context: Context, name: str, new: Props, _: Props) -> None:
    days = new.get("RetentionInDays")
    if days is None:
        gone(context, "logs", "DeleteRetentionPolicy", logGroupName=name)
    else:
        context.call("logs", "PutRetentionPolicy", logGroupName=name, retentionInDays=days)


def _put_key(context: Context, name: str, new: Props, _: Props) -> None:
    key = new.get("KmsKeyId")
    if key is None:
        context.call("logs", "DisassociateKmsKey", logGroupName=name)
    else:
        context.call("logs", "AssociateKmsKey", logGroupName=name, kmsKeyId=key)


def _group_tags(context: Context, name: str, _: Props) -> Props:
    answer = context.call("logs", "ListTagsForResource", resourceArn=_group_arn(context, name))
    return {"Tags": from_map(answer.get("tags"))}


_GROUP = ResourceType(
    name="AWS::Logs::LogGroup",
    properties={
        "KmsKeyId": TEXT,
        "LogGroupClass": TEXT,
        "LogGroupName": TEXT,
        "RetentionInDays": INTEGER,
        "Tags": TAGS,
    },
    replaces=frozenset({"LogGroupName", "LogGroupClass"}),
    attributes=("Arn",),
    create=_make_group,
    read=_read_group,
    delete=lambda c, name, _: gone(c, "logs", "DeleteLogGroup", logGroupName=name),
    aspects=(
        Aspect(("RetentionInDays",), _put_retention),
        Aspect(("KmsKeyId",), _put_key, on_create=False),
        tags_aspect(
            lambda c, name, tags: c.call(
                "logs", "TagResource", resourceArn=_group_arn(c, name), tags=as_map(tags)
            ),
            lambda c, name, keys: c.call(
                "logs", "UntagResource", resourceArn=_group_arn(c, name), tagKeys=keys
            ),
            _group_tags,
        ),
    ),
    named_by="LogGroupName",
    name_limit=512,
    tags="Tags",
    stateful=True,
    identity=lambda _, props: props["LogGroupName"],
    refresh=_group_attributes,
)

_TOPIC_ATTRIBUTES = ("DisplayName", "KmsMasterKeyId")


def _topic_arn(context: Context, props: Props) -> str:
    return f"arn:aws:sns:{context.region}:{context.account}:{props['TopicName']}"


def _make_topic(context: Context, props: Props) -> Made:
    arn = context.call(
        "sns",
        "CreateTopic",
        Name=props["TopicName"],
        Attributes=picked(props, *_TOPIC_ATTRIBUTES) or None,
        Tags=props.get("Tags") or None,
    )["TopicArn"]
    return Made(arn, {"TopicArn": arn, "TopicName": props["TopicName"]})


def _read_topic(context: Context, arn: str, _: Props) -> Props | None:
    answer = found(context, "sns", "GetTopicAttributes", TopicArn=arn)
    if answer is None:
        return None
    attributes: dict[str, Any] = answer["Attributes"]
    return {"TopicName": arn.rsplit(":", 1)[1], **picked(attributes, *_TOPIC_ATTRIBUTES)}


def _put_topic(context: Context, arn: str, new: Props, old: Props) -> None:
    for name in _TOPIC_ATTRIBUTES:
        if new.get(name) != old.get(name):
            _set(context, arn, name, new.get(name, ""))


def _set(context: Context, arn: str, name: str, value: str) -> None:
    context.call(
        "sns", "SetTopicAttributes", TopicArn=arn, AttributeName=name, AttributeValue=value
    )


def _topic_tags(context: Context, arn: str, _: Props) -> Props:
    answer = context.call("sns", "ListTagsForResource", ResourceArn=arn)
    return {"Tags": answer.get("Tags", [])}


_TOPIC = ResourceType(
    name="AWS::SNS::Topic",
    properties={"DisplayName": TEXT, "KmsMasterKeyId": TEXT, "Tags": TAGS, "TopicName": TEXT},
    replaces=frozenset({"TopicName"}),
    attributes=("TopicArn", "TopicName"),
    create=_make_topic,
    read=_read_topic,
    delete=lambda c, arn, _: gone(c, "sns", "DeleteTopic", TopicArn=arn),
    aspects=(
        Aspect(_TOPIC_ATTRIBUTES, _put_topic, on_create=False),
        tags_aspect(
            lambda c, arn, tags: c.call("sns", "TagResource", ResourceArn=arn, Tags=tags),
            lambda c, arn, keys: c.call("sns", "UntagResource", ResourceArn=arn, TagKeys=keys),
            _topic_tags,
        ),
    ),
    named_by="TopicName",
    name_limit=256,
    tags="Tags",
    identity=_topic_arn,
)


def _default_policy(context: Context, arn: str) -> dict[str, Any]:
    return {
        "Version": "2008-10-17",
        "Id": "__default_policy_ID",
        "Statement": [
            {
                "Sid": "__default_statement_ID",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": [
                    f"SNS:{name}"
                    for name in (
                        "GetTopicAttributes",
                        "SetTopicAttributes",
                        "AddPermission",
                        "RemovePermission",
                        "DeleteTopic",
                        "Subscribe",
                        "ListSubscriptionsByTopic",
                        "Publish",
                    )
                ],
                "Resource": arn,
                "Condition": {"StringEquals": {"AWS:SourceOwner": context.account}},
            }
        ],
    }


def _put_topic_policy(context: Context, _: str, new: Props, old: Props) -> None:
    for arn in new.get("Topics", []):
        _set(context, arn, "Policy", str(text(new["PolicyDocument"])))
    for arn in old.get("Topics", []):
        if arn not in new.get("Topics", []):
            _reset(context, arn)


def _reset(context: Context, arn: str) -> None:
    policy = str(text(_default_policy(context, arn)))
    gone(
        context,
        "sns",
        "SetTopicAttributes",
        TopicArn=arn,
        AttributeName="Policy",
        AttributeValue=policy,
    )


def _make_topic_policy(context: Context, props: Props) -> Made:
    _put_topic_policy(context, "", props, {})
    id_ = f"{context.stack_name}-{context.logical_id}"
    return Made(id_, {"Id": id_})


def _read_topic_policy(context: Context, _: str, desired: Props) -> Props | None:
    documents = {}
    for arn in desired["Topics"]:
        answer = found(context, "sns", "GetTopicAttributes", TopicArn=arn)
        if answer is not None:
            documents[arn] = parsed(answer["Attributes"].get("Policy"))
    if not documents:
        return None
    strange = [d for d in documents.values() if d != desired["PolicyDocument"]]
    return {
        "Topics": list(documents),
        "PolicyDocument": (strange or list(documents.values()))[0],
    }


def _delete_topic_policy(context: Context, _: str, props: Props) -> None:
    for arn in props.get("Topics", []):
        _reset(context, arn)


_TOPIC_POLICY = ResourceType(
    name="AWS::SNS::TopicPolicy",
    properties={"PolicyDocument": DOCUMENT, "Topics": some(TEXT)},
    required=("PolicyDocument", "Topics"),
    attributes=("Id",),
    create=_make_topic_policy,
    read=_read_topic_policy,
    delete=_delete_topic_policy,
    aspects=(Aspect(("PolicyDocument", "Topics"), _put_topic_policy, on_create=False),),
)

TYPES = table(_PARAMETER, _GROUP, _TOPIC, _TOPIC_POLICY)
