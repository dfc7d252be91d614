"""AWS::ECR::Repository."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import (
    parsed,
    respelled,
    restored,
    text,
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
    DOCUMENT,
    TAGS,
    TEXT,
    obj,
)
from landrail.localaws.services.cloudformation.types.tagging import (
    tags_aspect,
)

_ENCRYPTION = obj("EncryptionType", EncryptionType=TEXT, KmsKey=TEXT)
_SCANNING = obj(ScanOnPush=BOOLEAN)
_LIFECYCLE = obj(LifecyclePolicyText=DOCUMENT, RegistryId=TEXT)


def _make_images(context: Context, props: Props) -> Made:
    name = props["RepositoryName"]
    made = context.call(
        "ecr",
        "CreateRepository",
        repositoryName=name,
        encryptionConfiguration=respelled(_ENCRYPTION, props.get("EncryptionConfiguration")),
        imageScanningConfiguration=respelled(_SCANNING, props.get("ImageScanningConfiguration")),
        imageTagMutability=props.get("ImageTagMutability"),
        tags=props.get("Tags") or None,
    )["repository"]
    return Made(name, _images_attributes(made))


def _images_attributes(repository: Props) -> dict[str, str]:
    return {
        "Arn": repository["repositoryArn"],
        "RepositoryUri": repository["repositoryUri"],
    }


def _repository(context: Context, name: str) -> dict[str, Any] | None:
    answer = found(context, "ecr", "DescribeRepositories", repositoryNames=[name])
    repositories = (answer or {}).get("repositories")
    return repositories[0] if repositories else None


def _images_arn(context: Context, name: str) -> str:
    return f"arn:aws:ecr:{context.region}:{context.account}:repository/{name}"


def _read_images(context: Context, name: str, _: Props) -> Props | None:
    repository = _repository(context, name)
    if repository is None:
        return None
    live = {
        "RepositoryName": name,
        "EncryptionConfiguration": restored(_ENCRYPTION, repository.get("encryptionConfiguration")),
        "ImageScanningConfiguration": restored(
            _SCANNING, repository.get("imageScanningConfiguration")
        ),
        "ImageTagMutability": repository.get("imageTagMutability"),
    }
    return {key: value for key, value in live.items() if value is not None}


def _put_mutability(context: Context, name: str, new: Props, _: Props) -> None:
    wanted = new.get("ImageTagMutability", "MUTABLE")
    context.call("ecr", "PutImageTagMutability", repositoryName=name, imageTagMutability=wanted)


def _put_scanning(context: Context, name: str, new: Props, _: Props) -> None:
    wanted = new.get("ImageScanningConfiguration", {"ScanOnPush": False})
    context.call(
        "ecr",
        "PutImageScanningConfiguration",
        repositoryName=name,
        imageScanningConfiguration=respelled(_SCANNING, wanted),
    )


def _put_images_policy(context: Context, name: str, new: Props, _: Props) -> None:
    policy = text(new.get("RepositoryPolicyText"))
    if policy is None:
        gone(context, "ecr", "DeleteRepositoryPolicy", repositoryName=name)
    else:
        context.call("ecr", "SetRepositoryPolicy", repositoryName=name, policyText=policy)


def _read_images_policy(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "ecr", "GetRepositoryPolicy", repositoryName=name)
    return {} if answer is None else {"RepositoryPolicyText": parsed(answer["policyText"])}


def _put_lifecycle(context: Context, name: str, new: Props, _: Props) -> None:
    policy = text(new.get("LifecyclePolicy", {}).get("LifecyclePolicyText"))
    if policy is None:
        gone(context, "ecr", "DeleteLifecyclePolicy", repositoryName=name)
    else:
        context.call("ecr", "PutLifecyclePolicy", repositoryName=name, lifecyclePolicyText=policy)


def _read_lifecycle(context: Context, name: str, _: Props) -> Props:
    answer = found(context, "ecr", "GetLifecyclePolicy", repositoryName=name)
    if answer is None:
        return {}
    return {"LifecyclePolicy": {"LifecyclePolicyText": parsed(answer["lifecyclePolicyText"])}}


def _images_tags(context: Context, name: str, _: Props) -> Props:
    arn = _images_arn(context, name)
    return {"Tags": context.call("ecr", "ListTagsForResource", resourceArn=arn)["tags"]}


def _drop_images(context: Context, name: str, props: Props) -> None:
    force = True if props.get("EmptyOnDelete") else None
    gone(context, "ecr", "DeleteRepository", repositoryName=name, force=force)


def _nothing(context: Context, id_: str, new: Props, old: Props) -> None:
    """Whether images go with it counts only when the repository is deleted."""
    del context, id_, new, old


_IMAGES = ResourceType(
    name="AWS::ECR::Repository",
    properties={
        "EmptyOnDelete": BOOLEAN,
        "EncryptionConfiguration": _ENCRYPTION,
        "ImageScanningConfiguration": _SCANNING,
        "ImageTagMutability": TEXT,
        "LifecyclePolicy": _LIFECYCLE,
        "RepositoryName": TEXT,
        "RepositoryPolicyText": DOCUMENT,
        "Tags": TAGS,
    },
    replaces=frozenset({"RepositoryName", "EncryptionConfiguration"}),
    attributes=("Arn", "RepositoryUri"),
    create=_make_images,
    read=_read_images,
    delete=_drop_images,
    aspects=(
        Aspect(("ImageTagMutability",), _put_mutability, on_create=False),
        Aspect(("ImageScanningConfiguration",), _put_scanning, on_create=False),
        Aspect(("RepositoryPolicyText",), _put_images_policy, _read_images_policy),
        Aspect(("LifecyclePolicy",), _put_lifecycle, _read_lifecycle),
        Aspect(("EmptyOnDelete",), _nothing, on_create=False),
        tags_aspect(
            lambda c, name, tags: c.call(
                "ecr", "TagResource", resourceArn=_images_arn(c, name), tags=tags
            ),
            lambda c, name, keys: c.call(
                "ecr", "UntagResource", resourceArn=_images_arn(c, name), tagKeys=keys
            ),
            _images_tags,
        ),
    ),
    named_by="RepositoryName",
    name_limit=256,
    name_lower=True,
    tags="Tags",
    hidden=frozenset({"EmptyOnDelete"}),
    stateful=True,
    identity=lambda _, props: props["RepositoryName"],
    refresh=lambda c, name, _: _images_attributes(_repository(c, name) or {}),
)


TYPES = table(_IMAGES)
