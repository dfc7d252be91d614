"""AWS::EC2 security groups and their rules, inline and standing alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.localaws.services.cloudformation.types.ec2 import TAGGING, described, specified
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
from landrail.localaws.services.cloudformation.types.shapes import INTEGER, TAGS, TEXT, obj, some

_WAYS = {"Ingress": "Source", "Egress": "Destination"}
_PEERS = {
    "Ingress": ("SourceSecurityGroupId", "SourcePrefixListId"),
    "Egress": ("DestinationSecurityGroupId", "DestinationPrefixListId"),
}


def _members(way: str) -> dict[str, Any]:
    return {
        "CidrIp": TEXT,
        "CidrIpv6": TEXT,
        "Description": TEXT,
        "FromPort": INTEGER,
        "IpProtocol": TEXT,
        "ToPort": INTEGER,
        **dict.fromkeys(_PEERS[way], TEXT),
    }


def _permission(rule: Props, way: str) -> dict[str, Any]:
    """Return a rule as `IpPermissions` has it."""
    note = picked(rule, "Description")
    permission: dict[str, Any] = picked(rule, "IpProtocol", "FromPort", "ToPort")
    group, prefixes = _PEERS[way]
    if "CidrIp" in rule:
        permission["IpRanges"] = [{"CidrIp": rule["CidrIp"], **note}]
    if "CidrIpv6" in rule:
        permission["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"], **note}]
    if group in rule:
        permission["UserIdGroupPairs"] = [{"GroupId": rule[group], **note}]
    if prefixes in rule:
        permission["PrefixListIds"] = [{"PrefixListId": rule[prefixes], **note}]
    return permission


def _rules(permissions: list[Mapping[str, Any]], way: str) -> list[dict[str, Any]]:
    """Return `IpPermissions` as rules, one for each peer."""
    group, prefixes = _PEERS[way]
    found_rules = []
    for permission in permissions:
        base = picked(permission, "IpProtocol", "FromPort", "ToPort")
        for kind, member, name in (
            ("IpRanges", "CidrIp", "CidrIp"),
            ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
            ("UserIdGroupPairs", "GroupId", group),
            ("PrefixListIds", "PrefixListId", prefixes),
        ):
            for peer in permission.get(kind) or []:
                rule = {**base, name: peer[member], **picked(peer, "Description")}
                found_rules.append({k: v for k, v in rule.items() if v is not None})
    return found_rules


_ANY = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def _open(context: Context, group: str, way: str, rule: Props) -> dict[str, Any]:
    return context.call(
        "ec2",
        f"AuthorizeSecurityGroup{way}",
        GroupId=group,
        IpPermissions=[_permission(rule, way)],
    )


def _shut(context: Context, group: str, way: str, rule: Props) -> None:
    gone(
        context,
        "ec2",
        f"RevokeSecurityGroup{way}",
        GroupId=group,
        IpPermissions=[_permission(rule, way)],
    )


def _put(way: str) -> Any:
    name = f"SecurityGroup{way}"

    def put(context: Context, group: str, new: Props, old: Props) -> None:
        default = [_ANY] if way == "Egress" else []  # a new group lets everything out
        wanted, had = new.get(name, default), old.get(name, default)
        for rule in had:
            if rule not in wanted:
                _shut(context, group, way, rule)
        for rule in wanted:
            if rule not in had:
                _open(context, group, way, rule)

    return put


def _make(context: Context, props: Props) -> Made:
    group = context.call(
        "ec2",
        "CreateSecurityGroup",
        GroupName=props["GroupName"],
        Description=props["GroupDescription"],
        VpcId=props.get("VpcId"),
        TagSpecifications=specified("security-group", props),
    )["GroupId"]
    attributes = {"GroupId": group, "Id": group}
    return Made(group, attributes | picked(props, "VpcId"))


def _read(context: Context, group: str, _: Props) -> Props | None:
    answer = described(context, "DescribeSecurityGroups", "SecurityGroups", GroupIds=[group])
    if answer is None:
        return None
    standing = _standing(context, group)
    ingress = _rules(answer.get("IpPermissions", []), "Ingress")
    egress = _rules(answer.get("IpPermissionsEgress", []), "Egress")
    return {
        "GroupDescription": answer["Description"],
        "Tags": answer.get("Tags", []),
        "SecurityGroupIngress": [r for r in ingress if r not in standing],
        "SecurityGroupEgress": [r for r in egress if r not in standing],
        **picked(answer, "GroupName", "VpcId"),
    }


def _standing(context: Context, group: str) -> list[dict[str, Any]]:
    """Return the rules that other resources of the stack give to the group."""
    types = tuple(f"AWS::EC2::SecurityGroup{way}" for way in _WAYS)
    return [
        {name: value for name, value in rule.items() if name != "GroupId"}
        for rule in context.neighbours(*types)
        if rule.get("GroupId") == group
    ]


_GROUP = ResourceType(
    name="AWS::EC2::SecurityGroup",
    properties={
        "GroupDescription": TEXT,
        "GroupName": TEXT,
        "SecurityGroupEgress": some(obj("IpProtocol", **_members("Egress"))),
        "SecurityGroupIngress": some(obj("IpProtocol", **_members("Ingress"))),
        "Tags": TAGS,
        "VpcId": TEXT,
    },
    required=("GroupDescription",),
    replaces=frozenset({"GroupDescription", "GroupName", "VpcId"}),
    attributes=("GroupId", "Id", "VpcId"),
    create=_make,
    read=_read,
    delete=lambda c, group, _: gone(c, "ec2", "DeleteSecurityGroup", GroupId=group),
    aspects=(
        Aspect(("SecurityGroupIngress",), _put("Ingress")),
        Aspect(("SecurityGroupEgress",), _put("Egress")),
        TAGGING,
    ),
    named_by="GroupName",
    name_limit=255,
    tags="Tags",
)


def _rule_type(way: str) -> ResourceType:
    members = _members(way)

    def make(context: Context, props: Props) -> Made:
        answer = _open(context, props["GroupId"], way, props)
        rules = answer.get("SecurityGroupRules") or []
        id_ = rules[0]["SecurityGroupRuleId"] if rules else f"{context.logical_id}|{way}"
        return Made(id_, {"Id": id_})

    def read(context: Context, _: str, desired: Props) -> Props | None:
        group = found(context, "ec2", "DescribeSecurityGroups", GroupIds=[desired["GroupId"]])
        if not group or not group.get("SecurityGroups"):
            return None
        kind = "IpPermissions" if way == "Ingress" else "IpPermissionsEgress"
        rules = _rules(group["SecurityGroups"][0].get(kind, []), way)
        wanted = {name: value for name, value in desired.items() if name != "GroupId"}
        told = {name: value for name, value in wanted.items() if name != "Description"}
        for rule in rules:
            if {name: value for name, value in rule.items() if name != "Description"} == told:
                return {"GroupId": desired["GroupId"], **rule}
        return None

    def describe(context: Context, _: str, new: Props, __: Props) -> None:
        context.call(
            "ec2",
            f"UpdateSecurityGroupRuleDescriptions{way}",
            GroupId=new["GroupId"],
            IpPermissions=[_permission(new, way)],
        )

    return ResourceType(
        name=f"AWS::EC2::SecurityGroup{way}",
        properties={**members, "GroupId": TEXT},
        required=("GroupId", "IpProtocol"),
        replaces=frozenset({*members, "GroupId"} - {"Description"}),
        attributes=("Id",),
        create=make,
        read=read,
        delete=lambda c, _, props: _shut(c, props["GroupId"], way, props),
        aspects=(Aspect(("Description",), describe, on_create=False),),
    )


TYPES = table(_GROUP, _rule_type("Ingress"), _rule_type("Egress"))
