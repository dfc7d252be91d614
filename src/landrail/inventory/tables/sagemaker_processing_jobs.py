"""SageMaker processing jobs, the newest: network, keys, instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.jobs import Kind, jobs
from landrail.inventory.sagemaker import network
from landrail.inventory.table import listed


def _columns(answer: Mapping[str, Any]) -> dict[str, Any]:
    cluster = (answer.get("ProcessingResources") or {}).get("ClusterConfig") or {}
    image = (answer.get("AppSpecification") or {}).get("ImageUri")
    return {
        **network(answer.get("NetworkConfig")),
        "instance_types": listed([cluster["InstanceType"]] if "InstanceType" in cluster else ()),
        "images": listed([image] if image else ()),
        "instances": cluster.get("InstanceCount"),
        "volume_key": cluster.get("VolumeKmsKeyId"),
        "output_key": (answer.get("ProcessingOutputConfig") or {}).get("KmsKeyId"),
    }


TABLE = jobs(Kind(word="Processing", columns=_columns))
