"""AWS::ApplicationAutoScaling scalable targets and scaling policies."""

from __future__ import annotations

from typing import Any

from landrail.localaws.services.cloudformation.types.documents import trimmed
from landrail.localaws.services.cloudformation.types.kind import (
    Aspect,
    Context,
    Made,
    Props,
    ResourceType,
    gone,
    picked,
    table,
)
from landrail.localaws.services.cloudformation.types.shapes import (
    BOOLEAN,
    INTEGER,
    NUMBER,
    TEXT,
    Shape,
    obj,
    some,
)

_SERVICE = "application-autoscaling"
_PLACE = ("ServiceNamespace", "ResourceId", "ScalableDimension")
_TEXTS: dict[str, Shape] = dict.fromkeys(_PLACE, TEXT)
_LIMITS = ("MinCapacity", "MaxCapacity", "SuspendedState")
_TARGET: dict[str, Shape] = {
    **_TEXTS,
    "MaxCapacity": INTEGER,
    "MinCapacity": INTEGER,
    "RoleARN": TEXT,
    "SuspendedState": obj(
        DynamicScalingInSuspended=BOOLEAN,
        DynamicScalingOutSuspended=BOOLEAN,
        ScheduledScalingSuspended=BOOLEAN,
    ),
}


def _place(id_: str) -> dict[str, str]:
    """The three names in the physical id of a target, `RESOURCE|DIMENSION|NAMESPACE`."""
    resource, dimension, namespace = id_.split("|")
    return dict(zip(_PLACE, (namespace, resource, dimension), strict=True))


def _target_id(props: Props) -> str:
    return "|".join(props[name] for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"))


def _put_target(context: Context, id_: str, new: Props, _: Props) -> None:
    context.call(
        _SERVICE,
        "RegisterScalableTarget",
        **_place(id_),
        **picked(new, *_LIMITS),
        RoleARN=new.get("RoleARN"),
    )


def _make_target(context: Context, props: Props) -> Made:
    id_ = _target_id(props)
    _put_target(context, id_, props, {})
    return Made(id_, {"Id": id_})


def _read_target(context: Context, id_: str, _: Props) -> Props | None:
    place = _place(id_)
    answer = context.call(
        _SERVICE,
        "DescribeScalableTargets",
        ServiceNamespace=place["ServiceNamespace"],
        ResourceIds=[place["ResourceId"]],
        ScalableDimension=place["ScalableDimension"],
    )["ScalableTargets"]
    if not answer:
        return None
    live: dict[str, Any] = answer[0]
    return {
        name: trimmed(shape, live[name])
        for name, shape in _TARGET.items()
        if live.get(name) is not None
    }


_TARGETS = ResourceType(
    name="AWS::ApplicationAutoScaling::ScalableTarget",
    properties=_TARGET,
    required=("MaxCapacity", "MinCapacity", *_PLACE),
    replaces=frozenset(_PLACE),
    attributes=("Id",),
    create=_make_target,
    read=_read_target,
    delete=lambda c, id_, _: gone(c, _SERVICE, "DeregisterScalableTarget", **_place(id_)),
    aspects=(Aspect((*_LIMITS, "RoleARN"), _put_target, on_create=False),),
    hidden=frozenset({"RoleARN"}),
    identity=lambda _, props: _target_id(props),
    refresh=lambda _, id_, __: {"Id": id_},
)

_METRIC = obj(
    Dimensions=some(obj("Name", "Value", Name=TEXT, Value=TEXT), key="Name"),
    MetricName=TEXT,
    Namespace=TEXT,
    Statistic=TEXT,
    Unit=TEXT,
)
_TRACKING = obj(
    "TargetValue",
    CustomizedMetricSpecification=_METRIC,
    DisableScaleIn=BOOLEAN,
    PredefinedMetricSpecification=obj(
        "PredefinedMetricType", PredefinedMetricType=TEXT, ResourceLabel=TEXT
    ),
    ScaleInCooldown=INTEGER,
    ScaleOutCooldown=INTEGER,
    TargetValue=NUMBER,
)
_POLICY: dict[str, Shape] = {
    **_TEXTS,
    "PolicyName": TEXT,
    "PolicyType": TEXT,
    "ScalingTargetId": TEXT,
    "TargetTrackingScalingPolicyConfiguration": _TRACKING,
}
_OF_POLICY = ("PolicyType", "TargetTrackingScalingPolicyConfiguration")


def _policy_place(props: Props) -> dict[str, str]:
    """A policy's target, named by its physical id or by its three names."""
    if props.get("ScalingTargetId"):
        return _place(props["ScalingTargetId"])
    lacking = [name for name in _PLACE if name not in props]
    if lacking:
        raise ValueError(f"ScalingTargetId or {', '.join(lacking)} is required")
    return {name: props[name] for name in _PLACE}


def _put_policy(context: Context, _: str, new: Props, __: Props) -> None:
    _make_policy(context, new)


def _make_policy(context: Context, props: Props) -> Made:
    arn = context.call(
        _SERVICE,
        "PutScalingPolicy",
        PolicyName=props["PolicyName"],
        **_policy_place(props),
        **picked(props, *_OF_POLICY),
    )["PolicyARN"]
    return Made(arn, {"Arn": arn})


def _read_policy(context: Context, arn: str, props: Props) -> Props | None:
    place = _policy_place(props)
    answer = context.call(
        _SERVICE, "DescribeScalingPolicies", **place, PolicyNames=[props["PolicyName"]]
    )["ScalingPolicies"]
    live = next((one for one in answer if one["PolicyARN"] == arn), None)
    if live is None:
        return None
    named = {"ScalingTargetId": _target_id(place)} if props.get("ScalingTargetId") else place
    return {
        **named,
        "PolicyName": live["PolicyName"],
        "PolicyType": live["PolicyType"],
        "TargetTrackingScalingPolicyConfiguration": trimmed(
            _TRACKING, live["TargetTrackingScalingPolicyConfiguration"]
        ),
    }


def _drop_policy(context: Context, _: str, props: Props) -> None:
    gone(
        context,
        _SERVICE,
        "DeleteScalingPolicy",
        PolicyName=props["PolicyName"],
        **_policy_place(props),
    )


_POLICIES = ResourceType(
    name="AWS::ApplicationAutoScaling::ScalingPolicy",
    properties=_POLICY,
    required=("PolicyName", "PolicyType"),
    replaces=frozenset({*_PLACE, "PolicyName", "ScalingTargetId"}),
    attributes=("Arn",),
    create=_make_policy,
    read=_read_policy,
    delete=_drop_policy,
    aspects=(Aspect(_OF_POLICY, _put_policy, on_create=False),),
    refresh=lambda _, arn, __: {"Arn": arn},
)

TYPES = table(_TARGETS, _POLICIES)
