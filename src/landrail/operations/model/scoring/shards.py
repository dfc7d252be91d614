"""Shards by the functions that serve: a processing job of the released image, without a network.

SageMaker brings model, data and what earlier jobs of the same run left, and takes away what is
written while it is written; see `landrail.serving.batch`.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlparse

from botocore.exceptions import ClientError

from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.objects import put
from landrail.operations.model.processing import Work, request
from landrail.operations.model.scoring.asked import Asked
from landrail.operations.model.scoring.released import Released
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage
from landrail.operations.model.waiting import wait

_VOLUME_GIGABYTES = 100
ORDER = "order.json"


def write_order(
    settings: Settings, stage: Stage, released: Released, asked: Asked, output: str
) -> dict[str, Any]:
    """Leave the order where the job finds it; raises Mistakes where this run has another one: what
    was scored by one version is not gone on with by another."""
    order = {
        **asked.order,
        "lineage": {
            **released.lineage,
            "data": asked.data,
            "source": settings.data_uri(asked.data) + asked.scoring.prefix,
        },
    }
    place = urlparse(f"{output}/{ORDER}")
    key, bucket = place.path.lstrip("/"), place.netloc
    s3 = stage.client("s3")
    before = _read(s3, bucket, key)
    if before is not None and before != order:
        was, now = before.get("lineage", {}), order["lineage"]
        other = sorted(k for k in {**was, **now} if was.get(k) != now.get(k)) or ["what is asked"]
        raise Mistakes(
            [
                Diagnostic(
                    f"this run began with another order ({', '.join(other)} changed since)",
                    "begin a new run: it scores all files with what is released now",
                )
            ]
        )
    if before is None:
        put(s3, bucket, key, json.dumps(order, indent=1).encode(), settings[Variable.STAGE_KEY])
    return order


def _read(s3: Any, bucket: str, key: str) -> dict[str, Any] | None:
    try:
        return dict(json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read()))
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchKey":
            raise
        return None


def process(stage: Stage, job: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Run the job and wait; return how it ended, and why it failed if it did."""
    sagemaker = stage.client("sagemaker")
    name = job["ProcessingJobName"]
    sagemaker.create_processing_job(**job)

    def describe() -> dict[str, Any]:
        return dict(sagemaker.describe_processing_job(ProcessingJobName=name))

    try:
        return dict(wait(describe, "ProcessingJobStatus", f"processing job {name}")), []
    except Mistakes as failed:
        ended = describe()
        said = [ended["ExitMessage"]] if ended.get("ExitMessage") else []
        return ended, [*said, *(one.summary for one in failed.diagnostics)]


def processing_job(
    settings: Settings, stage: Stage, released: Released, asked: Asked, output: str
) -> dict[str, Any]:
    """The request: what is scored already comes in too, and each part goes out once it is made."""
    work = Work(
        name=stage.job_name("batch"),
        role=settings[Variable.MODEL_ROLE],
        image=released.image,
        entrypoint=released.entrypoint,
        command="serve",
        inputs={
            "model": released.model_data,
            "data": settings.data_uri(asked.data) + asked.scoring.prefix,
            "earlier": output,
        },
        output=output,
        instance_type=released.instance_type,
        commit=released.commit,
        gigabytes=_VOLUME_GIGABYTES,
        machines=asked.scoring.machines,
        continuous=True,
    )
    return {**request(settings, stage, work), "Environment": {"LANDRAIL_BATCH": "1"}}
