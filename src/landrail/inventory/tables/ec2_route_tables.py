"""Route tables: whether they lead to the internet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items
from landrail.inventory.ec2 import ANYWHERE, named
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    for table in items(ask, "ec2", "DescribeRouteTables", "RouteTables"):
        yield {
            **named(ask, "route-table", table, "RouteTableId"),
            "vpc": table.get("VpcId"),
            "to_internet": any(map(_to_internet, table.get("Routes") or ())),
        }


def _to_internet(route: Mapping[str, Any]) -> bool:
    there = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock")
    return there in ANYWHERE and str(route.get("GatewayId") or "").startswith("igw-")


TABLE = Table(
    name="ec2_route_tables",
    resource_type="AWS::EC2::RouteTable",
    services=("ec2",),
    columns=(
        Column("vpc", "text", "its VPC"),
        Column("to_internet", "boolean", "whether all else goes to an internet gateway"),
    ),
    collect=_collect,
    reads=("ec2:DescribeRouteTables",),
)
