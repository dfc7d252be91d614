"""`landrail model step register`: the measured model as a version in shared services' registry.

The model's data is copied beside the registry first: what is registered must be readable by
production, which never reads from UAT.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlparse

from landrail.operations.model.artifacts import Candidate, read_candidate, write_candidate
from landrail.operations.model.serving import write_deployment
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.stage import Stage


def register(settings: Settings, stage: Stage) -> Candidate:
    """Register the candidate, pending approval, and leave what the staging endpoint is made of."""
    candidate = read_candidate()
    candidate = candidate.with_(model_data=publish(settings, stage, candidate.model_data))
    package = stage.client("sagemaker").create_model_package(
        **model_package(settings[Variable.PACKAGE_GROUP], candidate)
    )
    candidate = candidate.with_(package=package["ModelPackageArn"])
    write_candidate(candidate)
    write_deployment(
        settings, stage, candidate, endpoint=f"{settings[Variable.MODEL]}-staging", name="staging"
    )
    return candidate


def publish(settings: Settings, stage: Stage, model_data: str) -> str:
    """Copy the model's archive to the artifact bucket; return where it lies there."""
    source = urlparse(model_data)
    bucket = settings[Variable.ARTIFACT_BUCKET]
    key = f"models/{settings[Variable.MODEL]}/{settings.run}/model.tar.gz"
    stage.client("s3").copy_object(
        CopySource={"Bucket": source.netloc, "Key": source.path.lstrip("/")},
        Bucket=bucket,
        Key=key,
        ServerSideEncryption="aws:kms",
        SSEKMSKeyId=settings[Variable.ARTIFACT_KEY],
    )
    return f"s3://{bucket}/{key}"


def model_package(group: str, candidate: Candidate) -> dict[str, Any]:
    """The request; the customer metadata carries the lineage."""
    build = candidate.build
    return {
        "ModelPackageGroupName": group,
        "ModelPackageDescription": f"{build.model} of commit {build.commit}",
        "ModelApprovalStatus": "PendingManualApproval",
        "InferenceSpecification": {
            "Containers": [{"Image": build.image, "ModelDataUrl": candidate.model_data}],
            "SupportedContentTypes": ["text/csv"],
            "SupportedResponseMIMETypes": ["text/csv"],
            "SupportedRealtimeInferenceInstanceTypes": [build.instance_type],
            "SupportedTransformInstanceTypes": [build.instance_type],
        },
        "ModelMetrics": {
            "ModelQuality": {
                "Statistics": {
                    "ContentType": "application/json",
                    "S3Uri": f"{candidate.evaluation}/metrics.json",
                }
            }
        },
        "CustomerMetadataProperties": {
            "commit": build.commit,
            "data": build.data,
            "image": build.digest,
            "training-job": candidate.training_job,
            **{name: f"{value:.6g}" for name, value in candidate.metrics.items()},
        },
    }
