"""AWS::SageMaker::Domain and UserProfile: where data scientists work."""

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
    TAGS,
    TEXT,
    Shape,
    obj,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import tags_aspect

_SPEC = obj(
    InstanceType=TEXT,
    LifecycleConfigArn=TEXT,
    SageMakerImageArn=TEXT,
    SageMakerImageVersionArn=TEXT,
)
_APP = obj(DefaultResourceSpec=_SPEC, LifecycleConfigArns=some(TEXT))
_SETTINGS = obj(
    CodeEditorAppSettings=_APP,
    DefaultLandingUri=TEXT,
    ExecutionRole=TEXT,
    JupyterLabAppSettings=_APP,
    JupyterServerAppSettings=_APP,
    KernelGatewayAppSettings=_APP,
    SecurityGroups=some(TEXT),
    SharingSettings=obj(NotebookOutputOption=TEXT, S3KmsKeyId=TEXT, S3OutputPath=TEXT),
    StudioWebPortal=TEXT,
)
_DEFAULTS = Shape("object", _SETTINGS.members, required=("ExecutionRole",))
_SPACE = obj(
    "ExecutionRole",
    ExecutionRole=TEXT,
    JupyterServerAppSettings=_APP,
    KernelGatewayAppSettings=_APP,
    SecurityGroups=some(TEXT),
)
_DOMAIN = obj(
    ExecutionRoleIdentityConfig=TEXT,
    SecurityGroupIds=some(TEXT),
)
_POLL = 0.2


def settled(
    context: Context, operation: str, status: str, good: tuple[str, ...], **params: Any
) -> dict[str, Any]:
    """Poll a Describe call until the thing is in a good status; raises ValueError for a bad one."""
    while True:
        answer = context.call("sagemaker", operation, **params)
        state = str(answer[status])
        if state in good:
            return answer
        if "Failed" in state or state in ("OutOfService", "Delete_Failed"):
            raise ValueError(f"{state}: {answer.get('FailureReason', 'no reason given')}")
        context.pause(_POLL)


def vanished(context: Context, operation: str, **params: Any) -> None:
    """Poll a Describe call until the thing is not there any more."""
    while found(context, "sagemaker", operation, **params) is not None:
        context.pause(_POLL)


def sagemaker_tags(arn: Any, *, on_create: bool = False) -> Any:
    """Return the aspect of tags, from what gives the ARN of a physical id."""

    def read(context: Context, id_: str, _: Props) -> Props:
        answer = context.call("sagemaker", "ListTags", ResourceArn=arn(context, id_))
        return {"Tags": answer.get("Tags", [])}

    return tags_aspect(
        lambda c, i, tags: c.call("sagemaker", "AddTags", ResourceArn=arn(c, i), Tags=tags),
        lambda c, i, keys: c.call("sagemaker", "DeleteTags", ResourceArn=arn(c, i), TagKeys=keys),
        read,
        on_create=on_create,
    )


_CHANGEABLE = (
    "AppNetworkAccessType",
    "AppSecurityGroupManagement",
    "DefaultSpaceSettings",
    "DefaultUserSettings",
    "SubnetIds",
    "TagPropagation",
)


_READABLE = (
    "DomainArn",
    "DomainId",
    "HomeEfsFileSystemId",
    "SecurityGroupIdForDomainBoundary",
    "Url",
)


def _make_domain(context: Context, props: Props) -> Made:
    made = context.call(
        "sagemaker",
        "CreateDomain",
        Tags=props.get("Tags") or None,
        **picked(
            props,
            *_CHANGEABLE,
            "AuthMode",
            "DomainName",
            "DomainSettings",
            "KmsKeyId",
            "VpcId",
        ),
    )
    arn = made["DomainArn"]
    id_ = arn.rsplit("/", 1)[1]
    return Made(id_, {"DomainArn": arn, "DomainId": id_})


def _domain_settled(context: Context, id_: str, _: Props) -> None:
    settled(context, "DescribeDomain", "Status", ("InService",), DomainId=id_)


def _domain_attributes(context: Context, id_: str, _: Props) -> dict[str, str]:
    answer = context.call("sagemaker", "DescribeDomain", DomainId=id_)
    return {name: str(answer[name]) for name in _READABLE if answer.get(name)}


def _read_domain(context: Context, id_: str, _: Props) -> Props | None:
    answer = found(context, "sagemaker", "DescribeDomain", DomainId=id_)
    if answer is None:
        return None
    live: dict[str, Any] = {
        "DefaultUserSettings": trimmed(_SETTINGS, answer.get("DefaultUserSettings", {})),
        **picked(
            answer,
            "AppNetworkAccessType",
            "AppSecurityGroupManagement",
            "AuthMode",
            "DomainName",
            "KmsKeyId",
            "SubnetIds",
            "TagPropagation",
            "VpcId",
        ),
    }
    for name, shape in (("DefaultSpaceSettings", _SPACE), ("DomainSettings", _DOMAIN)):
        if answer.get(name):
            live[name] = trimmed(shape, answer[name])
    return live


def _put_domain(context: Context, id_: str, new: Props, _: Props) -> None:
    changes = picked(new, *_CHANGEABLE)
    settings = new.get("DomainSettings")
    update = None
    if settings:
        update = picked(settings, "ExecutionRoleIdentityConfig", "SecurityGroupIds")
    context.call(
        "sagemaker", "UpdateDomain", DomainId=id_, DomainSettingsForUpdate=update, **changes
    )


def _delete_domain(context: Context, id_: str, _: Props) -> None:
    gone(context, "sagemaker", "DeleteDomain", DomainId=id_)
    vanished(context, "DescribeDomain", DomainId=id_)


def _domain_arn(context: Context, id_: str) -> str:
    return f"arn:aws:sagemaker:{context.region}:{context.account}:domain/{id_}"


_DOMAINS = ResourceType(
    name="AWS::SageMaker::Domain",
    properties={
        "AppNetworkAccessType": TEXT,
        "AppSecurityGroupManagement": TEXT,
        "AuthMode": TEXT,
        "DefaultSpaceSettings": _SPACE,
        "DefaultUserSettings": _DEFAULTS,
        "DomainName": TEXT,
        "DomainSettings": _DOMAIN,
        "KmsKeyId": TEXT,
        "SubnetIds": some(TEXT),
        "TagPropagation": TEXT,
        "Tags": TAGS,
        "VpcId": TEXT,
    },
    required=("AuthMode", "DefaultUserSettings", "DomainName"),
    replaces=frozenset({"AuthMode", "DomainName", "KmsKeyId", "VpcId"}),
    attributes=_READABLE,
    create=_make_domain,
    read=_read_domain,
    delete=_delete_domain,
    aspects=(
        Aspect((*_CHANGEABLE, "DomainSettings"), _put_domain, on_create=False),
        sagemaker_tags(_domain_arn),
    ),
    tags="Tags",
    settle=_domain_settled,
    refresh=_domain_attributes,
    stateful=True,
)


def _split(id_: str) -> dict[str, str]:
    name, _, domain = id_.rpartition("|")
    return {"DomainId": domain, "UserProfileName": name}


def _make_profile(context: Context, props: Props) -> Made:
    made = context.call(
        "sagemaker",
        "CreateUserProfile",
        Tags=props.get("Tags") or None,
        **picked(
            props,
            "DomainId",
            "SingleSignOnUserIdentifier",
            "SingleSignOnUserValue",
            "UserProfileName",
            "UserSettings",
        ),
    )
    id_ = f"{props['UserProfileName']}|{props['DomainId']}"
    return Made(id_, {"UserProfileArn": made["UserProfileArn"]})


def _profile_settled(context: Context, id_: str, _: Props) -> None:
    settled(context, "DescribeUserProfile", "Status", ("InService",), **_split(id_))


def _read_profile(context: Context, id_: str, _: Props) -> Props | None:
    answer = found(context, "sagemaker", "DescribeUserProfile", **_split(id_))
    if answer is None:
        return None
    names = ("SingleSignOnUserIdentifier", "SingleSignOnUserValue")
    settings = trimmed(_SETTINGS, answer.get("UserSettings", {}))
    return {**_split(id_), "UserSettings": settings, **picked(answer, *names)}


def _put_profile(context: Context, id_: str, new: Props, _: Props) -> None:
    settings = new.get("UserSettings", {})
    context.call("sagemaker", "UpdateUserProfile", UserSettings=settings, **_split(id_))


def _delete_profile(context: Context, id_: str, _: Props) -> None:
    gone(context, "sagemaker", "DeleteUserProfile", **_split(id_))
    vanished(context, "DescribeUserProfile", **_split(id_))


def _profile_arn(context: Context, id_: str) -> str:
    place = _split(id_)
    return (
        f"arn:aws:sagemaker:{context.region}:{context.account}:user-profile/"
        f"{place['DomainId']}/{place['UserProfileName'].lower()}"
    )


_PROFILES = ResourceType(
    name="AWS::SageMaker::UserProfile",
    properties={
        "DomainId": TEXT,
        "SingleSignOnUserIdentifier": TEXT,
        "SingleSignOnUserValue": TEXT,
        "Tags": TAGS,
        "UserProfileName": TEXT,
        "UserSettings": _SETTINGS,
    },
    required=("DomainId", "UserProfileName"),
    replaces=frozenset(
        {"DomainId", "SingleSignOnUserIdentifier", "SingleSignOnUserValue", "UserProfileName"}
    ),
    attributes=("UserProfileArn",),
    create=_make_profile,
    read=_read_profile,
    delete=_delete_profile,
    aspects=(
        Aspect(("UserSettings",), _put_profile, on_create=False),
        sagemaker_tags(_profile_arn),
    ),
    tags="Tags",
    settle=_profile_settled,
)

TYPES = table(_DOMAINS, _PROFILES)
