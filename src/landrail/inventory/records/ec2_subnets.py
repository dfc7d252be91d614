"""Subnets, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Listed

RECORD = Listed(service="ec2", list="DescribeSubnets", member="Subnets").record(
    "ec2_subnets", "AWS::EC2::Subnet"
)
