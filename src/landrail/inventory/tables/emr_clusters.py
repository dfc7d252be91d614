"""EMR clusters that run: the addresses of their primary nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.inventory.ask import Ask, items
from landrail.inventory.describing import each
from landrail.inventory.table import Column, Row, Table

_RUNNING = ["RUNNING", "WAITING"]
_PRIMARY = ["MASTER"]


def _collect(ask: Ask) -> Iterator[Row]:
    listed = items(ask, "emr", "ListClusters", "Clusters", ClusterStates=_RUNNING)
    found = {cluster["Id"]: cluster for cluster in listed}
    yield from each(ask, found, lambda name: _rows(ask, found[name]))


def _rows(ask: Ask, cluster: Mapping[str, Any]) -> Iterator[Row]:
    nodes = items(
        *(ask, "emr", "ListInstances", "Instances"),
        ClusterId=cluster["Id"],
        InstanceGroupTypes=_PRIMARY,
    )
    yield {
        "resource_id": cluster["Id"],
        "resource_name": cluster.get("Name"),
        "arn": cluster.get("ClusterArn"),
        "configuration": dict(cluster),
        "primary_public_ip": any(node.get("PublicIpAddress") for node in nodes),
    }


TABLE = Table(
    name="emr_clusters",
    resource_type="AWS::EMR::Cluster",
    services=("emr",),
    columns=(Column("primary_public_ip", "boolean", "a primary node has a public address"),),
    collect=_collect,
    reads=("elasticmapreduce:ListClusters", "elasticmapreduce:ListInstances"),
)
