"""AWS::CodeCommit::Repository."""

from __future__ import annotations

from typing import Any

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
    TAGS,
    TEXT,
)
from landrail.localaws.services.cloudformation.types.tagging import (
    as_map,
    from_map,
    tags_aspect,
)


def _make_code(context: Context, props: Props) -> Made:
    made = context.call(
        "codecommit",
        "CreateRepository",
        repositoryName=props["RepositoryName"],
        repositoryDescription=props.get("RepositoryDescription"),
        kmsKeyId=props.get("KmsKeyId"),
        tags=as_map(props.get("Tags")) or None,
    )["repositoryMetadata"]
    return Made(made["repositoryId"], _code_attributes(made))


def _code_attributes(made: Props) -> dict[str, str]:
    names = {
        "Arn": "Arn",
        "CloneUrlHttp": "cloneUrlHttp",
        "CloneUrlSsh": "cloneUrlSsh",
        "Name": "repositoryName",
        "RepositoryId": "repositoryId",
    }
    return {own: str(made[call]) for own, call in names.items() if made.get(call)}


def _code(context: Context, props: Props) -> dict[str, Any] | None:
    answer = found(context, "codecommit", "GetRepository", repositoryName=props["RepositoryName"])
    return None if answer is None else answer["repositoryMetadata"]


def _read_code(context: Context, _: str, desired: Props) -> Props | None:
    made = _code(context, desired)
    if made is None:
        return None
    live = {
        "RepositoryName": made["repositoryName"],
        "RepositoryDescription": made.get("repositoryDescription"),
    }
    return {key: value for key, value in live.items() if value is not None}


def _put_name(context: Context, _: str, new: Props, old: Props) -> None:
    context.call(
        "codecommit",
        "UpdateRepositoryName",
        oldName=old["RepositoryName"],
        newName=new["RepositoryName"],
    )


def _put_code_description(context: Context, _: str, new: Props, __: Props) -> None:
    context.call(
        "codecommit",
        "UpdateRepositoryDescription",
        repositoryName=new["RepositoryName"],
        repositoryDescription=new.get("RepositoryDescription", ""),
    )


def _code_arn(context: Context, id_: str) -> str:
    for neighbour in context.call("codecommit", "ListRepositories").get("repositories", []):
        if neighbour["repositoryId"] == id_:
            name = neighbour["repositoryName"]
            return f"arn:aws:codecommit:{context.region}:{context.account}:{name}"
    raise LookupError(f"repository {id_} is not there")


def _code_tags(context: Context, _: str, desired: Props) -> Props:
    place = f"arn:aws:codecommit:{context.region}:{context.account}"
    arn = f"{place}:{desired['RepositoryName']}"
    answer = context.call("codecommit", "ListTagsForResource", resourceArn=arn)
    return {"Tags": from_map(answer.get("tags"))}


_CODE = ResourceType(
    name="AWS::CodeCommit::Repository",
    properties={
        "KmsKeyId": TEXT,
        "RepositoryDescription": TEXT,
        "RepositoryName": TEXT,
        "Tags": TAGS,
    },
    required=("RepositoryName",),
    attributes=("Arn", "CloneUrlHttp", "CloneUrlSsh", "Name", "RepositoryId"),
    create=_make_code,
    read=_read_code,
    delete=lambda c, _, p: gone(
        c, "codecommit", "DeleteRepository", repositoryName=p["RepositoryName"]
    ),
    aspects=(
        Aspect(("RepositoryName",), _put_name, on_create=False),
        Aspect(("RepositoryDescription",), _put_code_description, on_create=False),
        tags_aspect(
            lambda c, id_, tags: c.call(
                "codecommit", "TagResource", resourceArn=_code_arn(c, id_), tags=as_map(tags)
            ),
            lambda c, id_, keys: c.call(
                "codecommit", "UntagResource", resourceArn=_code_arn(c, id_), tagKeys=keys
            ),
            _code_tags,
        ),
    ),
    tags="Tags",
    hidden=frozenset({"KmsKeyId"}),
    refreshed=frozenset({"Arn", "CloneUrlHttp", "CloneUrlSsh", "Name"}),
    refresh=lambda c, _, props: _code_attributes(_code(c, props) or {}),
    stateful=True,
)


TYPES = table(_CODE)
