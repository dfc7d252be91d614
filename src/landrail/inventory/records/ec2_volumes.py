"""EBS volumes, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Listed

RECORD = Listed(service="ec2", list="DescribeVolumes", member="Volumes").record(
    "ec2_volumes", "AWS::EC2::Volume"
)
