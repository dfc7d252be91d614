"""Security groups: what they let in from everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from landrail.inventory.ask import Ask, items
from landrail.inventory.ec2 import covering, is_from_anywhere, named, ports
from landrail.inventory.table import Column, Row, Table, listed


def _collect(ask: Ask) -> Iterator[Row]:
    for group in items(ask, "ec2", "DescribeSecurityGroups", "SecurityGroups"):
        ingress = group.get("IpPermissions") or ()
        yield {
            **named(ask, "security-group", group, "GroupId"),
            "resource_name": group.get("GroupName"),
            "is_default": group.get("GroupName") == "default",
            "vpc": group.get("VpcId"),
            "inbound_rules": len(ingress),
            "outbound_rules": len(group.get("IpPermissionsEgress") or ()),
            "open_to_world": any(map(is_from_anywhere, ingress)),
            "open_tcp": _open(ingress, "tcp"),
            "open_udp": _open(ingress, "udp"),
        }


def _open(permissions: Sequence[Mapping[str, Any]], protocol: str) -> str:
    ranges = [
        found
        for permission in permissions
        if is_from_anywhere(permission) and (found := ports(permission, protocol)) is not None
    ]
    return listed(begin for first, last in ranges for begin in covering(first, last))


TABLE = Table(
    name="ec2_security_groups",
    resource_type="AWS::EC2::SecurityGroup",
    services=("ec2",),
    columns=(
        Column("is_default", "boolean", "whether it is the one that its VPC came with"),
        Column("vpc", "text", "its VPC"),
        Column("inbound_rules", "integer", "how many rules let something in"),
        Column("outbound_rules", "integer", "how many rules let something out"),
        Column("open_to_world", "boolean", "whether it lets in anything from everywhere"),
        Column("open_tcp", "text", "TCP ports that it opens to everywhere, as `00022`, `01*`, `*`"),
        Column("open_udp", "text", "UDP ports that it opens to everywhere, in the same way"),
    ),
    collect=_collect,
    reads=("ec2:DescribeSecurityGroups",),
)
