"""SageMaker training jobs, the newest: network, keys, instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
        "images": listed(_images(answer)),
        "instances": sum(group.get("InstanceCount", 0) for group in groups),
        "volume_key": resources.get("VolumeKmsKeyId"),
        "output_key": (answer.get("OutputDataConfig") or {}).get("KmsKeyId"),
    }


def _images(answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield the image that trains; an algorithm by its name is an image that AWS keeps."""
    said = answer.get("AlgorithmSpecification") or {}
    for name in ("TrainingImage", "AlgorithmName"):
        if said.get(name):
            yield said[name]


TABLE = jobs(Kind(word="Training", columns=_columns))
