"""SageMaker transform jobs, the newest: keys and instances; their network is the model's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landrail.inventory.jobs import Kind, jobs
from landrail.inventory.table import listed


def _columns(answer: Mapping[str, Any]) -> dict[str, Any]:
    resources = answer.get("TransformResources") or {}
    return {
        "instance_types": listed(
            [resources["InstanceType"]] if "InstanceType" in resources else ()
        ),
        "instances": resources.get("InstanceCount"),
        "volume_key": resources.get("VolumeKmsKeyId"),
        "output_key": (answer.get("TransformOutput") or {}).get("KmsKeyId"),
    }


TABLE = jobs(Kind(word="Transform", columns=_columns, has_network=False, has_images=False))
