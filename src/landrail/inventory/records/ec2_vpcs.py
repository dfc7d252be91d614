"""VPCs, as Config records them; their flow logs are resources of another type."""

from __future__ import annotations

from landrail.inventory.described import Listed

RECORD = Listed(service="ec2", list="DescribeVpcs", member="Vpcs").record(
    "ec2_vpcs", "AWS::EC2::VPC", never=("flow_logs",)
)
