"""EC2 instances, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Listed

RECORD = Listed(
    service="ec2", list="DescribeInstances", member="Reservations", within="Instances"
).record("ec2_instances", "AWS::EC2::Instance")
