"""`landrail model step batch`: score granted data with the model that serves in production."""

from __future__ import annotations

from typing import Any

from landrail.operations.model.artifacts import Candidate, read_candidate, write_json
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage
from landrail.operations.model.waiting import wait

_MAX_PAYLOAD_MEGABYTES = 100


def batch(settings: Settings, stage: Stage) -> str:
    """Run one transform job and wait; return where the scores lie."""
    candidate = read_candidate()
    sagemaker = stage.client("sagemaker")
    name = stage.job_name("batch")
    output = f"s3://{settings[Variable.STAGE_BUCKET]}/batch/{name}"
    sagemaker.create_transform_job(
        **transform_job(settings, stage, candidate, name, output, serving_model(settings, stage))
    )
    job = wait(
        lambda: sagemaker.describe_transform_job(TransformJobName=name),
        "TransformJobStatus",
        f"transform job {name}",
    )
    write_json("batch.json", {"job": job["TransformJobArn"], "output": output})
    return output


def serving_model(settings: Settings, stage: Stage) -> str:
    """Return the name of the model behind the production endpoint."""
    sagemaker = stage.client("sagemaker")
    endpoint = sagemaker.describe_endpoint(EndpointName=settings[Variable.MODEL])
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    return str(config["ProductionVariants"][0]["ModelName"])


def transform_job(
    settings: Settings, stage: Stage, candidate: Candidate, name: str, output: str, model: str
) -> dict[str, Any]:
    """The request: what the repository's recipe names, whole files at a time."""
    recipe = candidate.build.batch
    return {
        "TransformJobName": name,
        "ModelName": model,
        "MaxPayloadInMB": _MAX_PAYLOAD_MEGABYTES,
        "TransformInput": {
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": settings.data_uri(candidate.build.data) + recipe.get("prefix", ""),
                }
            },
            "ContentType": recipe.get("content_type", "text/csv"),
            "CompressionType": recipe.get("compression", "None"),
            "SplitType": "None",
        },
        "TransformOutput": {
            "S3OutputPath": output,
            "Accept": "text/csv",
            "KmsKeyId": settings[Variable.STAGE_KEY],
        },
        "TransformResources": {
            "InstanceType": candidate.build.instance_type,
            "InstanceCount": 1,
            "VolumeKmsKeyId": settings[Variable.STAGE_KEY],
        },
        "Tags": stage.tags(candidate.build.commit),
    }
