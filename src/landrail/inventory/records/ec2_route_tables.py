"""Route tables, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Listed

RECORD = Listed(service="ec2", list="DescribeRouteTables", member="RouteTables").record(
    "ec2_route_tables", "AWS::EC2::RouteTable"
)
