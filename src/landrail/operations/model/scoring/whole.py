"""Whole files through the model's own server: a transform job of SageMaker."""

from __future__ import annotations

from typing import Any

from landrail.operations.model.scoring.asked import Asked
from landrail.operations.model.scoring.released import Released
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage
from landrail.operations.model.waiting import wait

_MAX_PAYLOAD_MEGABYTES = 100


def transform(stage: Stage, request: dict[str, Any]) -> dict[str, Any]:
    """Run a transform job and wait; raises Mistakes with its own reason where it fails."""
    sagemaker = stage.client("sagemaker")
    name = request["TransformJobName"]
    sagemaker.create_transform_job(**request)
    job = wait(
        lambda: sagemaker.describe_transform_job(TransformJobName=name),
        "TransformJobStatus",
        f"transform job {name}",
    )
    return dict(job)


def transform_job(
    settings: Settings, stage: Stage, released: Released, asked: Asked, output: str
) -> dict[str, Any]:
    """The request: what is asked for, whole files at a time."""
    given = {
        "source": settings.data_uri(asked.data) + asked.scoring.prefix,
        "content_type": asked.whole_files.get("content_type", "text/csv"),
        "compression": asked.whole_files.get("compression", "None"),
    }
    return request(
        settings,
        stage,
        model=released.model,
        output=output,
        instance_type=released.instance_type,
        machines=asked.scoring.machines,
        tags=stage.tags(released.commit),
        **given,
    )


def request(
    settings: Settings,
    stage: Stage,
    *,
    model: str,
    source: str,
    output: str,
    content_type: str,
    compression: str,
    instance_type: str,
    machines: int,
    tags: list[dict[str, str]],
) -> dict[str, Any]:
    """A transform job's request, its output and disks encrypted by the stage's key."""
    return {
        "TransformJobName": stage.job_name("batch"),
        "ModelName": model,
        "MaxPayloadInMB": _MAX_PAYLOAD_MEGABYTES,
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": source}},
            "ContentType": content_type,
            "CompressionType": compression,
            "SplitType": "None",
        },
        "TransformOutput": {
            "S3OutputPath": output,
            "Accept": "text/csv",
            "KmsKeyId": settings[Variable.STAGE_KEY],
        },
        "TransformResources": {
            "InstanceType": instance_type,
            "InstanceCount": machines,
            "VolumeKmsKeyId": settings[Variable.STAGE_KEY],
        },
        "Tags": tags,
    }
