"""VPCs: whether their traffic is logged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from landrail.inventory.ask import Ask, items, wants
from landrail.inventory.ec2 import named
from landrail.inventory.table import Column, Row, Table, listed


def _collect(ask: Ask) -> Iterator[Row]:
    logged = _logged(ask) if wants(ask, "flow_logs") else None
    for vpc in items(ask, "ec2", "DescribeVpcs", "Vpcs"):
        yield {
            **named(ask, "vpc", vpc, "VpcId"),
            "is_default": bool(vpc.get("IsDefault")),
            "flow_logs": None if logged is None else listed(logged[vpc["VpcId"]]),
        }


def _logged(ask: Ask) -> defaultdict[str, set[str]]:
    logged: defaultdict[str, set[str]] = defaultdict(set)
    for log in items(ask, "ec2", "DescribeFlowLogs", "FlowLogs"):
        if log.get("FlowLogStatus", "ACTIVE") == "ACTIVE":
            logged[log["ResourceId"]].add(log["TrafficType"])
    return logged


TABLE = Table(
    name="ec2_vpcs",
    resource_type="AWS::EC2::VPC",
    services=("ec2",),
    columns=(
        Column("is_default", "boolean", "whether it is the one that the region came with"),
        Column("flow_logs", "text", "the traffic that is logged: `ALL`, `ACCEPT`, `REJECT`"),
    ),
    collect=_collect,
    reads=("ec2:DescribeFlowLogs", "ec2:DescribeVpcs"),
)
