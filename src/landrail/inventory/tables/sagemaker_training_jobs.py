"""SageMaker training jobs, the newest: network, keys, instances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.jobs import Kind, jobs
from landrail.inventory.sagemaker import network
from landrail.inventory.table import listed


def _columns(answer: Mapping[str, Any]) -> dict[str, Any]:
    resources = answer.get("ResourceConfig") or {}
    groups = [resources, *(resources.get("InstanceGroups") or ())]
    return {
        **network(answer),
        "instance_types": listed(g["InstanceType"] for g in groups if g.get("InstanceType")),
        "instances": sum(group.get("InstanceCount", 0) for group in groups),
        "volume_key": resources.get("VolumeKmsKeyId"),
        "output_key": (answer.get("OutputDataConfig") or {}).get("KmsKeyId"),
    }


TABLE = jobs(Kind(word="Training", columns=_columns))
