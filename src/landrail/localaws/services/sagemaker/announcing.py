"""Events that SageMaker publishes, and that of a version: "SageMaker Model Package State Change".

Source: SageMaker Developer Guide, "Events that SageMaker AI sends to EventBridge".
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from landrail.localaws.api import ApiError, Caller, Platform
from landrail.localaws.services.sagemaker.names import Place
from landrail.localaws.services.sagemaker.records import Document

_log = logging.getLogger(__name__)
_SERVICE = Caller(kind="service", arn="sagemaker.amazonaws.com", account=None)
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
    """Publish an event about one of SageMaker's things where it is; one that is not taken is only
    logged."""
    entry = {
        "Source": "aws.sagemaker",
        "DetailType": kind,
        "Resources": [place.arn],
        "Detail": json.dumps(detail),
    }
    try:
        platform.call(
            _SERVICE,
            "events",
            "PutEvents",
            {"Entries": [entry]},
            region=place.region,
            account=place.account,
        )
    except ApiError as error:
        _log.warning("the event of %s was not taken: %s", place.arn, error)


def _said(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
