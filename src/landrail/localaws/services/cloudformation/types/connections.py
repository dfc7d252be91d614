"""AWS::CodeConnections::Connection, and the same under its old name of CodeStar."""

from __future__ import annotations

from landrail.localaws.services.cloudformation.types.kind import (
    Context,
    Made,
    Props,
    ResourceType,
    found,
    gone,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import TAGS, TEXT, Shape
from landrail.localaws.services.cloudformation.types.tagging import tags_aspect

_PROPERTIES: dict[str, Shape] = {
    "ConnectionName": TEXT,
    "HostArn": TEXT,
    "ProviderType": TEXT,
    "Tags": TAGS,
}


def _connection(name: str, service: str) -> ResourceType:
    def make(context: Context, props: Props) -> Made:
        given = {key: props[key] for key in _PROPERTIES if key in props}
        arn = context.call(service, "CreateConnection", **given)["ConnectionArn"]
        return Made(arn, _attributes(context, arn))

    def _attributes(context: Context, arn: str) -> dict[str, str]:
        shown = context.call(service, "GetConnection", ConnectionArn=arn)["Connection"]
        return {key: str(shown[key]) for key in _ATTRIBUTES if key in shown}

    def read(context: Context, arn: str, _: Props) -> Props | None:
        answer = found(context, service, "GetConnection", ConnectionArn=arn)
        if answer is None:
            return None
        shown = answer["Connection"]
        return {key: shown[key] for key in _PROPERTIES if key in shown}

    def read_tags(context: Context, arn: str, _: Props) -> Props:
        answer = context.call(service, "ListTagsForResource", ResourceArn=arn)
        return {"Tags": answer.get("Tags") or []}

    return ResourceType(
        name=name,
        properties=_PROPERTIES,
        required=("ConnectionName",),
        replaces=frozenset({"ConnectionName", "HostArn", "ProviderType"}),
        attributes=_ATTRIBUTES,
        create=make,
        read=read,
        delete=lambda c, arn, _: gone(c, service, "DeleteConnection", ConnectionArn=arn),
        aspects=(
            tags_aspect(
                lambda c, arn, tags: c.call(service, "TagResource", ResourceArn=arn, Tags=tags),
                lambda c, arn, keys: c.call(
                    service, "UntagResource", ResourceArn=arn, TagKeys=keys
                ),
                read_tags,
            ),
        ),
        tags="Tags",
        refreshed=frozenset({"ConnectionStatus"}),
        refresh=lambda c, arn, _: _attributes(c, arn),
    )


_ATTRIBUTES = ("ConnectionArn", "ConnectionStatus", "OwnerAccountId")
TYPES = table(
    _connection("AWS::CodeConnections::Connection", "codeconnections"),
    _connection("AWS::CodeStarConnections::Connection", "codestar-connections"),
)
