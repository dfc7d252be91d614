"""`landrail model step register`: the measured model as a version in shared services' registry.

The model's data is copied beside the registry first: what is registered must be readable by
production, which never reads from UAT.
"""

from __future__ import annotations

import json
from typing import Any

from landrail.aws.builds import BuildSession
from landrail.operations.model.artifacts import (
    CARD,
    Candidate,
    read_candidate,
    write_candidate,
    write_text,
)
from landrail.operations.model.authorship import authors
from landrail.operations.model.cards import card, page
from landrail.operations.model.objects import copy
from landrail.operations.model.pins import measured, pins
from landrail.operations.model.serving import write_deployment
from landrail.operations.model.settings import Settings, Variable
from landrail.operations.model.shelves import REGISTERED, keep
from landrail.operations.model.stage import Stage


def register(settings: Settings, build: BuildSession, stage: Stage) -> Candidate:
    """Register the candidate, pending approval, and leave what the staging endpoint is made of."""
    candidate = read_candidate()
    whose = authors(
        settings, build, candidate.build.commit, str(candidate.champion.get("commit", ""))
    )
    candidate = candidate.with_(
        execution=settings[Variable.EXECUTION],
        authors=tuple(dict.fromkeys((*candidate.authors, *whose))),
    )
    place, object_version = publish(settings, stage, candidate.model_data)
    candidate = candidate.with_(model_data=place, model_version=object_version)
    package = stage.client("sagemaker").create_model_package(
        **model_package(settings[Variable.PACKAGE_GROUP], candidate, settings[Variable.GATE])
    )
    candidate = candidate.with_(package=package["ModelPackageArn"])
    write_candidate(candidate)
    write_text(CARD, page(candidate, settings[Variable.GATE]))
    write_deployment(
        settings, stage, candidate, endpoint=f"{settings[Variable.MODEL]}-staging", name="staging"
    )
    keep(settings, build, REGISTERED, candidate.package.rpartition("/")[2])
    return candidate


def publish(settings: Settings, stage: Stage, model_data: str) -> tuple[str, str]:
    """Copy the model's archive to the artifact bucket; return where it lies there, and the version
    of the object."""
    bucket = settings[Variable.ARTIFACT_BUCKET]
    key = f"models/{settings[Variable.MODEL]}/{settings.run}/model.tar.gz"
    copied = copy(stage.client("s3"), model_data, bucket, key, settings[Variable.ARTIFACT_KEY])
    return f"s3://{bucket}/{key}", str(copied["VersionId"])


def model_package(group: str, candidate: Candidate, gate: str = "") -> dict[str, Any]:
    """The request; the customer metadata carries the lineage, the card tells it to people."""
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
        "CustomerMetadataProperties": {**measured(candidate), **pins(candidate)},
        "ModelCard": {
            "ModelCardContent": json.dumps(card(candidate, gate)),
            "ModelCardStatus": "PendingReview",
        },
    }
