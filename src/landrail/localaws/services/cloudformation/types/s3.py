"""AWS::S3: buckets with each of their configurations, and bucket policies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.services.cloudformation.types.documents import parsed, text, trimmed
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
from landrail.localaws.services.cloudformation.types.s3_rules import (
    LIFECYCLE,
    from_lifecycle,
    to_lifecycle,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    DOCUMENT,
    INTEGER,
    TAGS,
    TEXT,
    Shape,
    many,
    obj,
)

_ENCRYPTION = obj(
    "ServerSideEncryptionConfiguration",
    ServerSideEncryptionConfiguration=many(
        obj(
            BucketKeyEnabled=BOOLEAN,
            ServerSideEncryptionByDefault=obj(
                "SSEAlgorithm", SSEAlgorithm=TEXT, KMSMasterKeyID=TEXT
            ),
            BlockedEncryptionTypes=obj(EncryptionType=many(TEXT)),
        )
    ),
)
_BY_DEFAULT = ("ServerSideEncryptionByDefault", "ApplyServerSideEncryptionByDefault")
"""One member, as CloudFormation and as the API call it."""
_BLOCK = obj(
    BlockPublicAcls=BOOLEAN,
    BlockPublicPolicy=BOOLEAN,
    IgnorePublicAcls=BOOLEAN,
    RestrictPublicBuckets=BOOLEAN,
)
_OWNERSHIP = obj("Rules", Rules=many(obj(ObjectOwnership=TEXT)))
_LOGGING = obj(DestinationBucketName=TEXT, LogFilePrefix=TEXT)
_LOCK = obj(
    ObjectLockEnabled=TEXT,
    Rule=obj(DefaultRetention=obj(Mode=TEXT, Days=INTEGER, Years=INTEGER)),
)
_NOTIFY = obj(EventBridgeConfiguration=obj("EventBridgeEnabled", EventBridgeEnabled=BOOLEAN))

_PROPERTIES: dict[str, Shape] = {
    "BucketEncryption": _ENCRYPTION,
    "BucketName": TEXT,
    "LifecycleConfiguration": LIFECYCLE,
    "LoggingConfiguration": _LOGGING,
    "NotificationConfiguration": _NOTIFY,
    "ObjectLockConfiguration": _LOCK,
    "ObjectLockEnabled": BOOLEAN,
    "OwnershipControls": _OWNERSHIP,
    "PublicAccessBlockConfiguration": _BLOCK,
    "Tags": TAGS,
    "VersioningConfiguration": obj("Status", Status=TEXT),
}


def _make(context: Context, props: Props) -> Made:
    name = props["BucketName"]
    place = None if context.region == "us-east-1" else {"LocationConstraint": context.region}
    context.call(
        "s3",
        "CreateBucket",
        Bucket=name,
        CreateBucketConfiguration=place,
        ObjectLockEnabledForBucket=props.get("ObjectLockEnabled"),
    )
    return Made(name, _attributes(context, name))


def _attributes(context: Context, name: str) -> dict[str, str]:
    return {
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "RegionalDomainName": f"{name}.s3.{context.region}.amazonaws.com",
        "DualStackDomainName": f"{name}.s3.dualstack.{context.region}.amazonaws.com",
        "WebsiteURL": f"http://{name}.s3-website-{context.region}.amazonaws.com",
    }


def _read(context: Context, name: str, _: Props) -> Props | None:
    answer = found(context, "s3", "HeadBucket", Bucket=name)
    return None if answer is None else {"BucketName": name}


def _put_encryption(context: Context, name: str, new: Props, _: Props) -> None:
    wanted = new.get("BucketEncryption")
    if wanted is None:
        gone(context, "s3", "DeleteBucketEncryption", Bucket=name)
        return
    rules = [_renamed(rule, _BY_DEFAULT) for rule in wanted["ServerSideEncryptionConfiguration"]]
    context.call(
        "s3",
        "PutBucketEncryption",
        Bucket=name,
        ServerSideEncryptionConfiguration={"Rules": rules},
    )


def _renamed(rule: Props, names: tuple[str, str]) -> Props:
    """Return a rule with one member under the API's name, or CloudFormation's."""
    return {names[1] if key == names[0] else key: value for key, value in rule.items()}


def _read_encryption(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "s3", "GetBucketEncryption", Bucket=name) or {}
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules")
    if not rules:
        return {}
    rules = [_unblocked(_renamed(rule, (_BY_DEFAULT[1], _BY_DEFAULT[0]))) for rule in rules]
    shown = trimmed(_ENCRYPTION, {"ServerSideEncryptionConfiguration": rules})
    return {"BucketEncryption": shown}


def _unblocked(rule: Props) -> Props:
    """A rule without what is blocked in every bucket that says nothing of it."""
    if rule.get("BlockedEncryptionTypes") != {"EncryptionType": ["SSE-C"]}:
        return rule
    return {name: value for name, value in rule.items() if name != "BlockedEncryptionTypes"}


def _put_versioning(context: Context, name: str, new: Props, _: Props) -> None:
    status = new.get("VersioningConfiguration", {}).get("Status", "Suspended")
    context.call(
        "s3", "PutBucketVersioning", Bucket=name, VersioningConfiguration={"Status": status}
    )


def _read_versioning(context: Context, name: str, _: Props) -> Props:
    answer = context.call("s3", "GetBucketVersioning", Bucket=name)
    return {"VersioningConfiguration": {"Status": answer.get("Status", "Suspended")}}


def _put_block(context: Context, name: str, new: Props, _: Props) -> None:
    wanted = new.get("PublicAccessBlockConfiguration")
    if wanted is None:
        gone(context, "s3", "DeletePublicAccessBlock", Bucket=name)
    else:
        context.call(
            "s3", "PutPublicAccessBlock", Bucket=name, PublicAccessBlockConfiguration=wanted
        )


def _read_block(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "s3", "GetPublicAccessBlock", Bucket=name)
    return picked(answer or {}, "PublicAccessBlockConfiguration")


def _put_ownership(context: Context, name: str, new: Props, _: Props) -> None:
    wanted = new.get("OwnershipControls")
    if wanted is None:
        gone(context, "s3", "DeleteBucketOwnershipControls", Bucket=name)
    else:
        context.call("s3", "PutBucketOwnershipControls", Bucket=name, OwnershipControls=wanted)


def _read_ownership(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "s3", "GetBucketOwnershipControls", Bucket=name)
    return picked(answer or {}, "OwnershipControls")


def _put_lifecycle(context: Context, name: str, new: Props, _: Props) -> None:
    wanted = new.get("LifecycleConfiguration")
    if wanted is None:
        gone(context, "s3", "DeleteBucketLifecycle", Bucket=name)
        return
    context.call(
        "s3",
        "PutBucketLifecycleConfiguration",
        Bucket=name,
        LifecycleConfiguration=to_lifecycle(wanted),
    )


def _read_lifecycle(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "s3", "GetBucketLifecycleConfiguration", Bucket=name)
    rules = (answer or {}).get("Rules")
    return {"LifecycleConfiguration": from_lifecycle(rules)} if rules else {}


def _put_logging(context: Context, name: str, new: Props, _: Props) -> None:
    wanted: Mapping[str, Any] = new.get("LoggingConfiguration") or {}
    status = {}
    if wanted:
        target = {
            "TargetBucket": wanted.get("DestinationBucketName", name),
            "TargetPrefix": wanted.get("LogFilePrefix", ""),
        }
        status = {"LoggingEnabled": target}
    context.call("s3", "PutBucketLogging", Bucket=name, BucketLoggingStatus=status)


def _read_logging(context: Context, name: str, _: Props) -> Props:
    target = context.call("s3", "GetBucketLogging", Bucket=name).get("LoggingEnabled")
    if not target:
        return {}
    return {
        "LoggingConfiguration": {
            "DestinationBucketName": target["TargetBucket"],
            "LogFilePrefix": target.get("TargetPrefix", ""),
        }
    }


def _put_lock(context: Context, name: str, new: Props, old: Props) -> None:
    wanted = new.get("ObjectLockConfiguration")
    if wanted is None and not old.get("ObjectLockConfiguration"):
        return  # switched on by the creating call
    lock = {"ObjectLockEnabled": "Enabled", **(wanted or {})}
    context.call("s3", "PutObjectLockConfiguration", Bucket=name, ObjectLockConfiguration=lock)


def _read_lock(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "s3", "GetObjectLockConfiguration", Bucket=name) or {}
    lock = answer.get("ObjectLockConfiguration", {})
    live: dict[str, Any] = {"ObjectLockEnabled": lock.get("ObjectLockEnabled") == "Enabled"}
    return live | ({"ObjectLockConfiguration": trimmed(_LOCK, lock)} if lock.get("Rule") else {})


def _put_notify(context: Context, name: str, new: Props, _: Props) -> None:
    wanted = new.get("NotificationConfiguration", {}).get("EventBridgeConfiguration", {})
    on = bool(wanted) and wanted.get("EventBridgeEnabled", True)
    context.call(
        "s3",
        "PutBucketNotificationConfiguration",
        Bucket=name,
        NotificationConfiguration={"EventBridgeConfiguration": {}} if on else {},
    )


def _put_tags(context: Context, name: str, new: Props, _: Props) -> None:
    tags = new.get("Tags")
    if tags:
        context.call("s3", "PutBucketTagging", Bucket=name, Tagging={"TagSet": tags})
    else:
        gone(context, "s3", "DeleteBucketTagging", Bucket=name)


def _read_tags(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "s3", "GetBucketTagging", Bucket=name) or {}
    return {"Tags": answer.get("TagSet", [])}


_BUCKET = ResourceType(
    name="AWS::S3::Bucket",
    properties=_PROPERTIES,
    replaces=frozenset({"BucketName"}),
    attributes=("Arn", "DomainName", "DualStackDomainName", "RegionalDomainName", "WebsiteURL"),
    create=_make,
    read=_read,
    delete=lambda c, name, _: gone(c, "s3", "DeleteBucket", Bucket=name),
    aspects=(
        Aspect(("OwnershipControls",), _put_ownership, _read_ownership),
        Aspect(("PublicAccessBlockConfiguration",), _put_block, _read_block),
        Aspect(("BucketEncryption",), _put_encryption, _read_encryption),
        Aspect(("VersioningConfiguration",), _put_versioning, _read_versioning),
        Aspect(("ObjectLockEnabled", "ObjectLockConfiguration"), _put_lock, _read_lock),
        Aspect(("LifecycleConfiguration",), _put_lifecycle, _read_lifecycle),
        Aspect(("LoggingConfiguration",), _put_logging, _read_logging),
        Aspect(("NotificationConfiguration",), _put_notify),
        Aspect(("Tags",), _put_tags, _read_tags),
    ),
    named_by="BucketName",
    name_limit=63,
    name_lower=True,
    tags="Tags",
    hidden=frozenset({"NotificationConfiguration"}),  # the store takes it, and does not tell it
    stateful=True,
    refresh=lambda c, name, _: _attributes(c, name),
    identity=lambda _, props: props["BucketName"],
)


def _put_policy(context: Context, _: str, new: Props, __: Props) -> None:
    context.call("s3", "PutBucketPolicy", Bucket=new["Bucket"], Policy=text(new["PolicyDocument"]))


def _make_policy(context: Context, props: Props) -> Made:
    _put_policy(context, "", props, {})
    return Made(props["Bucket"])


def _read_policy(context: Context, name: str, _: Props) -> Props | None:
    answer = found(context, "s3", "GetBucketPolicy", Bucket=name)
    if answer is None:
        return None
    return {"Bucket": name, "PolicyDocument": parsed(answer["Policy"])}


_BUCKET_POLICY = ResourceType(
    name="AWS::S3::BucketPolicy",
    properties={"Bucket": TEXT, "PolicyDocument": DOCUMENT},
    required=("Bucket", "PolicyDocument"),
    replaces=frozenset({"Bucket"}),
    create=_make_policy,
    read=_read_policy,
    delete=lambda c, name, _: gone(c, "s3", "DeleteBucketPolicy", Bucket=name),
    aspects=(Aspect(("PolicyDocument",), _put_policy, on_create=False),),
)

TYPES = table(_BUCKET, _BUCKET_POLICY)
