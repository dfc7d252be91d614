"""Redshift clusters: encryption and reach."""

from __future__ import annotations

from collections.abc import Iterator

from landrail.inventory.ask import Ask, items
from landrail.inventory.describing import tags_of
from landrail.inventory.table import Column, Row, Table


def _collect(ask: Ask) -> Iterator[Row]:
    for cluster in items(ask, "redshift", "DescribeClusters", "Clusters"):
        name = cluster["ClusterIdentifier"]
        yield {
            "resource_id": name,
            "resource_name": name,
            "arn": f"arn:aws:redshift:{ask.region}:{ask.account}:cluster:{name}",
            "created": cluster.get("ClusterCreateTime"),
            "tags": tags_of(cluster.get("Tags") or ()),
            "configuration": dict(cluster),
            "encrypted": bool(cluster.get("Encrypted")),
            "public": bool(cluster.get("PubliclyAccessible")),
        }


TABLE = Table(
    name="redshift_clusters",
    resource_type="AWS::Redshift::Cluster",
    services=("redshift",),
    columns=(
        Column("encrypted", "boolean", "whether it is encrypted"),
        Column("public", "boolean", "whether it can be reached from the internet"),
    ),
    collect=_collect,
    reads=("redshift:DescribeClusters",),
)
