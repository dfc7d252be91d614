"""RDS database instances, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Listed

RECORD = Listed(
    service="rds", list="DescribeDBInstances", member="DBInstances", tags="TagList"
).record("rds_instances", "AWS::RDS::DBInstance")
