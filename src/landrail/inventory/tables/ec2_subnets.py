"""Subnets: whether what starts in them gets a public address."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.ask import Ask, items
from landrail.inventory.ec2 import named
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    for subnet in items(ask, "ec2", "DescribeSubnets", "Subnets"):
        yield {
            **named(ask, "subnet", subnet, "SubnetId"),
            "vpc": subnet.get("VpcId"),
            "assigns_public_ip": bool(subnet.get("MapPublicIpOnLaunch")),
        }


TABLE = Table(
    name="ec2_subnets",
    resource_type="AWS::EC2::Subnet",
    services=("ec2",),
    columns=(
        Column("vpc", "text", "its VPC"),
        Column("assigns_public_ip", "boolean", "whether instances get a public address in it"),
    ),
    collect=_collect,
    reads=("ec2:DescribeSubnets",),
)
