"""Redshift clusters, as Config records them."""

from __future__ import annotations

from landrail.inventory.described import Listed

RECORD = Listed(service="redshift", list="DescribeClusters", member="Clusters").record(
    "redshift_clusters", "AWS::Redshift::Cluster"
)
