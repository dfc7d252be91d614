"""AWS::KMS: keys and their aliases."""

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
    BOOLEAN,
    DOCUMENT,
    INTEGER,
    TAGS,
    TEXT,
)
from landrail.localaws.services.cloudformation.types.tagging import (
    spelled,
    tags_aspect,
    unspelled,
)


def _make(context: Context, props: Props) -> Made:
    key = context.call(
        "kms",
        "CreateKey",
        Policy=text(props.get("KeyPolicy")),
        Description=props.get("Description"),
        KeySpec=props.get("KeySpec"),
        KeyUsage=props.get("KeyUsage"),
        MultiRegion=props.get("MultiRegion"),
        Tags=spelled(props.get("Tags"), "TagKey", "TagValue"),
    )["KeyMetadata"]
    return Made(key["KeyId"], {"Arn": key["Arn"], "KeyId": key["KeyId"]})


def _read(context: Context, key_id: str, _: Props) -> Props | None:
    answer = found(context, "kms", "DescribeKey", KeyId=key_id)
    if answer is None or answer["KeyMetadata"]["KeyState"] == "PendingDeletion":
        return None
    return picked(answer["KeyMetadata"], "Description", "Enabled", "KeySpec", "KeyUsage")


def _delete(context: Context, key_id: str, props: Props) -> None:
    answer = found(context, "kms", "DescribeKey", KeyId=key_id)
    if answer is not None and answer["KeyMetadata"]["KeyState"] != "PendingDeletion":
        days = props.get("PendingWindowInDays", 30)
        gone(context, "kms", "ScheduleKeyDeletion", KeyId=key_id, PendingWindowInDays=days)


def _put_policy(context: Context, key_id: str, new: Props, _: Props) -> None:
    policy = text(new.get("KeyPolicy") or _default_policy(context))
    context.call("kms", "PutKeyPolicy", KeyId=key_id, PolicyName="default", Policy=policy)


def _default_policy(context: Context) -> dict[str, Any]:
    root = f"arn:aws:iam::{context.account}:root"
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": root},
        "Action": "kms:*",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]}


def _read_policy(context: Context, key_id: str, _: Props) -> Props:
    answer = context.call("kms", "GetKeyPolicy", KeyId=key_id, PolicyName="default")
    return {"KeyPolicy": parsed(answer["Policy"])}


def _put_rotation(context: Context, key_id: str, new: Props, _: Props) -> None:
    if new.get("EnableKeyRotation"):
        context.call(
            "kms",
            "EnableKeyRotation",
            KeyId=key_id,
            RotationPeriodInDays=new.get("RotationPeriodInDays"),
        )
    else:
        context.call("kms", "DisableKeyRotation", KeyId=key_id)


def _read_rotation(context: Context, key_id: str, _: Props) -> Props:
    answer = context.call("kms", "GetKeyRotationStatus", KeyId=key_id)
    live = {"EnableKeyRotation": answer.get("KeyRotationEnabled", False)}
    return live | picked(answer, "RotationPeriodInDays")


def _put_enabled(context: Context, key_id: str, new: Props, _: Props) -> None:
    operation = "EnableKey" if new.get("Enabled", True) else "DisableKey"
    context.call("kms", operation, KeyId=key_id)


def _put_description(context: Context, key_id: str, new: Props, _: Props) -> None:
    description = new.get("Description", "")
    context.call("kms", "UpdateKeyDescription", KeyId=key_id, Description=description)


def _read_tags(context: Context, key_id: str, _: Props) -> Props:
    answer = context.call("kms", "ListResourceTags", KeyId=key_id)
    return {"Tags": unspelled(answer.get("Tags"), "TagKey", "TagValue")}


def _nothing(context: Context, key_id: str, new: Props, old: Props) -> None:
    """The window counts only when the key is deleted."""
    del context, key_id, new, old


_KEY = ResourceType(
    name="AWS::KMS::Key",
    properties={
        "Description": TEXT,
        "EnableKeyRotation": BOOLEAN,
        "Enabled": BOOLEAN,
        "KeyPolicy": DOCUMENT,
        "KeySpec": TEXT,
        "KeyUsage": TEXT,
        "MultiRegion": BOOLEAN,
        "PendingWindowInDays": INTEGER,
        "RotationPeriodInDays": INTEGER,
        "Tags": TAGS,
    },
    attributes=("Arn", "KeyId"),
    create=_make,
    read=_read,
    delete=_delete,
    aspects=(
        Aspect(("Description",), _put_description, on_create=False),
        Aspect(("KeyPolicy",), _put_policy, _read_policy, on_create=False),
        Aspect(("EnableKeyRotation", "RotationPeriodInDays"), _put_rotation, _read_rotation),
        Aspect(("Enabled",), _put_enabled),
        Aspect(("PendingWindowInDays",), _nothing, on_create=False),
        tags_aspect(
            lambda c, key, tags: c.call(
                "kms", "TagResource", KeyId=key, Tags=spelled(tags, "TagKey", "TagValue")
            ),
            lambda c, key, keys: c.call("kms", "UntagResource", KeyId=key, TagKeys=keys),
            _read_tags,
        ),
    ),
    tags="Tags",
    hidden=frozenset({"PendingWindowInDays", "MultiRegion"}),
    stateful=True,
)


def _make_alias(context: Context, props: Props) -> Made:
    context.call("kms", "CreateAlias", **picked(props, "AliasName", "TargetKeyId"))
    return Made(props["AliasName"])


def _read_alias(context: Context, name: str, desired: Props) -> Props | None:
    marker = None
    while True:
        answer = context.call("kms", "ListAliases", Marker=marker)
        for alias in answer.get("Aliases", []):
            if alias["AliasName"] == name:
                target = alias.get("TargetKeyId", "")
                wanted = str(desired.get("TargetKeyId", ""))
                same = target == wanted.rsplit("/", 1)[-1]
                return {"AliasName": name, "TargetKeyId": wanted if same else target}
        marker = answer.get("NextMarker")
        if not marker:
            return None


def _put_alias(context: Context, name: str, new: Props, _: Props) -> None:
    context.call("kms", "UpdateAlias", AliasName=name, TargetKeyId=new["TargetKeyId"])


_ALIAS = ResourceType(
    name="AWS::KMS::Alias",
    properties={"AliasName": TEXT, "TargetKeyId": TEXT},
    required=("AliasName", "TargetKeyId"),
    replaces=frozenset({"AliasName"}),
    create=_make_alias,
    read=_read_alias,
    delete=lambda c, name, _: gone(c, "kms", "DeleteAlias", AliasName=name),
    aspects=(Aspect(("TargetKeyId",), _put_alias, on_create=False),),
    named_by="AliasName",
    identity=lambda _, props: props["AliasName"],
    refresh=lambda *_: {},
)

TYPES = table(_KEY, _ALIAS)
