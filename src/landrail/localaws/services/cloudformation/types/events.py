"""AWS::Events: rules with their targets, event buses and who may put events there."""

from __future__ import annotations

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
from landrail.localaws.services.cloudformation.types.shapes import (
    DOCUMENT,
    INTEGER,
    TAGS,
    TEXT,
    mapping,
    obj,
    some,
)
from landrail.localaws.services.cloudformation.types.tagging import tags_aspect

_TARGET = obj(
    "Arn",
    "Id",
    Arn=TEXT,
    DeadLetterConfig=obj(Arn=TEXT),
    Id=TEXT,
    Input=TEXT,
    InputPath=TEXT,
    InputTransformer=obj("InputTemplate", InputPathsMap=mapping(TEXT), InputTemplate=TEXT),
    RetryPolicy=obj(MaximumEventAgeInSeconds=INTEGER, MaximumRetryAttempts=INTEGER),
    RoleArn=TEXT,
)
_SETTINGS = ("Description", "RoleArn", "ScheduleExpression", "State")


def _bus_of(id_: str) -> tuple[str | None, str]:
    """Return bus and name of a rule's physical id (`NAME` or `BUS|NAME`)."""
    bus, bar, name = id_.rpartition("|")
    return (bus if bar else None), name


def _arn(context: Context, id_: str) -> str:
    bus, name = _bus_of(id_)
    place = f"{bus.rsplit('/', 1)[-1]}/" if bus and bus != "default" else ""
    return f"arn:aws:events:{context.region}:{context.account}:rule/{place}{name}"


def _make(context: Context, props: Props) -> Made:
    bus = props.get("EventBusName")
    name = props["Name"]
    _put(context, name if bus in (None, "default") else f"{bus}|{name}", props, {}, tags=True)
    id_ = name if bus in (None, "default") else f"{bus}|{name}"
    return Made(id_, {"Arn": _arn(context, id_)})


def _put(context: Context, id_: str, new: Props, _: Props, *, tags: bool = False) -> None:
    bus, name = _bus_of(id_)
    context.call(
        "events",
        "PutRule",
        Name=name,
        EventBusName=bus,
        EventPattern=text(new.get("EventPattern")),
        Tags=(new.get("Tags") or None) if tags else None,
        **picked(new, *_SETTINGS),
    )


def _read(context: Context, id_: str, _: Props) -> Props | None:
    bus, name = _bus_of(id_)
    answer = found(context, "events", "DescribeRule", Name=name, EventBusName=bus)
    if answer is None:
        return None
    live: dict[str, Any] = {"Name": name, **picked(answer, *_SETTINGS, "EventBusName")}
    pattern = answer.get("EventPattern")
    return live | ({"EventPattern": parsed(pattern)} if pattern else {})


def _put_targets(context: Context, id_: str, new: Props, old: Props) -> None:
    bus, name = _bus_of(id_)
    wanted = new.get("Targets", [])
    ids = {target["Id"] for target in wanted}
    stale = [target["Id"] for target in old.get("Targets", []) if target["Id"] not in ids]
    if stale:
        _drop(context, name, bus, stale)
    if wanted:
        answer = context.call("events", "PutTargets", Rule=name, EventBusName=bus, Targets=wanted)
        failed = answer.get("FailedEntries") or []
        if failed:
            raise ValueError(f"targets refused: {failed}")


def _drop(context: Context, name: str, bus: str | None, ids: list[str]) -> None:
    gone(context, "events", "RemoveTargets", Rule=name, EventBusName=bus, Ids=ids)


def _targets(context: Context, id_: str) -> list[dict[str, Any]]:
    bus, name = _bus_of(id_)
    answer = found(context, "events", "ListTargetsByRule", Rule=name, EventBusName=bus) or {}
    return [trimmed(_TARGET, target) for target in answer.get("Targets", [])]


def _delete(context: Context, id_: str, _: Props) -> None:
    bus, name = _bus_of(id_)
    ids = [target["Id"] for target in _targets(context, id_)]
    if ids:
        _drop(context, name, bus, ids)
    gone(context, "events", "DeleteRule", Name=name, EventBusName=bus)


def _read_tags(context: Context, arn: str) -> Props:
    return {"Tags": context.call("events", "ListTagsForResource", ResourceARN=arn)["Tags"]}


_RULE = ResourceType(
    name="AWS::Events::Rule",
    properties={
        "Description": TEXT,
        "EventBusName": TEXT,
        "EventPattern": DOCUMENT,
        "Name": TEXT,
        "RoleArn": TEXT,
        "ScheduleExpression": TEXT,
        "State": TEXT,
        "Tags": TAGS,
        "Targets": some(_TARGET, key="Id"),
    },
    replaces=frozenset({"Name", "EventBusName"}),
    attributes=("Arn",),
    create=_make,
    read=_read,
    delete=_delete,
    aspects=(
        Aspect((*_SETTINGS, "EventPattern"), _put, on_create=False),
        Aspect(("Targets",), _put_targets, lambda c, i, _: {"Targets": _targets(c, i)}),
        tags_aspect(
            lambda c, i, tags: c.call("events", "TagResource", ResourceARN=_arn(c, i), Tags=tags),
            lambda c, i, keys: c.call(
                "events", "UntagResource", ResourceARN=_arn(c, i), TagKeys=keys
            ),
            lambda c, i, _: _read_tags(c, _arn(c, i)),
        ),
    ),
    named_by="Name",
    tags="Tags",
)


def _make_bus(context: Context, props: Props) -> Made:
    arn = context.call(
        "events",
        "CreateEventBus",
        Name=props["Name"],
        Description=props.get("Description"),
        Tags=props.get("Tags") or None,
    )["EventBusArn"]
    return Made(props["Name"], {"Arn": arn, "Name": props["Name"]})


def _bus(context: Context, name: str) -> dict[str, Any] | None:
    return found(context, "events", "DescribeEventBus", Name=name)


def _read_bus(context: Context, name: str, _: Props) -> Props | None:
    answer = _bus(context, name)
    if answer is None:
        return None
    live: dict[str, Any] = {"Name": name, **picked(answer, "Description")}
    return live | ({"Policy": parsed(answer["Policy"])} if answer.get("Policy") else {})


def _put_bus(context: Context, name: str, new: Props, _: Props) -> None:
    description = new.get("Description", "")
    context.call("events", "UpdateEventBus", Name=name, Description=description)


def _put_bus_policy(context: Context, name: str, new: Props, _: Props) -> None:
    if new.get("Policy"):
        policy = text(new["Policy"])
        context.call("events", "PutPermission", EventBusName=name, Policy=policy)
    else:
        gone(context, "events", "RemovePermission", EventBusName=name, RemoveAllPermissions=True)


def _bus_arn(context: Context, name: str) -> str:
    return f"arn:aws:events:{context.region}:{context.account}:event-bus/{name}"


_BUS = ResourceType(
    name="AWS::Events::EventBus",
    properties={"Description": TEXT, "Name": TEXT, "Policy": DOCUMENT, "Tags": TAGS},
    required=("Name",),
    replaces=frozenset({"Name"}),
    attributes=("Arn", "Name"),
    create=_make_bus,
    read=_read_bus,
    delete=lambda c, name, _: gone(c, "events", "DeleteEventBus", Name=name),
    aspects=(
        Aspect(("Description",), _put_bus, on_create=False),
        Aspect(("Policy",), _put_bus_policy),
        tags_aspect(
            lambda c, name, tags: c.call(
                "events", "TagResource", ResourceARN=_bus_arn(c, name), Tags=tags
            ),
            lambda c, name, keys: c.call(
                "events", "UntagResource", ResourceARN=_bus_arn(c, name), TagKeys=keys
            ),
            lambda c, name, _: _read_tags(c, _bus_arn(c, name)),
        ),
    ),
    named_by="Name",
    tags="Tags",
)


def _make_permission(context: Context, props: Props) -> Made:
    _put_permission(context, "", props, {})
    bus = props.get("EventBusName", "default")
    return Made(f"{bus}|{props['StatementId']}")


def _others(context: Context, bus: str, sid: str) -> list[dict[str, Any]]:
    answer = _bus(context, bus) or {}
    policy = parsed(answer.get("Policy") or "") or {}
    statements: list[dict[str, Any]] = policy.get("Statement", [])
    return [statement for statement in statements if statement.get("Sid") != sid]


def _put_permission(context: Context, _: str, new: Props, __: Props) -> None:
    bus, sid = new.get("EventBusName", "default"), new["StatementId"]
    statement = {**new["Statement"], "Sid": sid}
    policy = {"Version": "2012-10-17", "Statement": [*_others(context, bus, sid), statement]}
    context.call("events", "PutPermission", EventBusName=bus, Policy=text(policy))


def _read_permission(context: Context, _: str, desired: Props) -> Props | None:
    bus, sid = desired.get("EventBusName", "default"), desired["StatementId"]
    answer = _bus(context, bus) or {}
    policy = parsed(answer.get("Policy") or "") or {}
    for statement in policy.get("Statement", []):
        if statement.get("Sid") == sid:
            if "Sid" not in desired["Statement"]:
                statement = {k: v for k, v in statement.items() if k != "Sid"}
            return {"EventBusName": bus, "StatementId": sid, "Statement": statement}
    return None


def _drop_permission(context: Context, _: str, props: Props) -> None:
    gone(
        context,
        "events",
        "RemovePermission",
        EventBusName=props.get("EventBusName", "default"),
        StatementId=props["StatementId"],
    )


_BUS_POLICY = ResourceType(
    name="AWS::Events::EventBusPolicy",
    properties={"EventBusName": TEXT, "Statement": DOCUMENT, "StatementId": TEXT},
    required=("StatementId", "Statement"),
    replaces=frozenset({"EventBusName", "StatementId"}),
    create=_make_permission,
    read=_read_permission,
    delete=_drop_permission,
    aspects=(Aspect(("Statement",), _put_permission, on_create=False),),
)

TYPES = table(_RULE, _BUS, _BUS_POLICY)
