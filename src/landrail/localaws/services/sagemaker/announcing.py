"""Events that SageMaker publishes, and that of a version: "SageMaker Model Package State Change".

Source: SageMaker Developer Guide, "Events that SageMaker AI sends to EventBridge".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from landrail.localaws import announcing as bus
from landrail.localaws.api import Platform
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.records import Document

# A card's content is kept from whoever may only hear of the package.
_TOLD = (
    *("ModelPackageName", "ModelPackageGroupName", "ModelPackageVersion", "ModelPackageArn"),
    *("ModelPackageDescription", "InferenceSpecification", "ModelPackageStatus"),
    *("ModelPackageStatusDetails", "ModelApprovalStatus", "ApprovalDescription"),
    *("MetadataProperties", "ModelMetrics", "CustomerMetadataProperties", "ModelLifeCycle"),
)


def announce(
    platform: Platform, package: Place, document: Document, fields: Sequence[str] = ()
) -> None:
    """Publish the event in the registry's account; one that is not taken is only logged. `fields`
    are those that an update gave."""
    told = {
        **{name: document[name] for name in _TOLD if name in document},
        **{name: _said(document[name]) for name in ("CreationTime", "LastModifiedTime")},
        "CertifyForMarketplace": bool(document.get("CertifyForMarketplace")),
    }
    if fields:
        told["UpdatedModelPackageFields"] = list(fields)
    publish(platform, package, "SageMaker Model Package State Change", told)


def publish(platform: Platform, place: Place, kind: str, detail: Mapping[str, Any]) -> None:
    """Publish an event about one of SageMaker's things where it is."""
    origin = bus.Origin(place.account, place.region, place.arn)
    bus.announce(platform, "sagemaker", origin, kind, detail)


def _said(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
