"""An endpoint in the words of DescribeEndpoint: variants, deployment under way, data capture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landrail.localaws.services.sagemaker.fleet import Variant
from landrail.localaws.services.sagemaker.hosting.content import variant_of
from landrail.localaws.services.sagemaker.hosting.live import Fleet
from landrail.localaws.services.sagemaker.records import Document, now


def status(kind: str, message: str) -> list[Document]:
    """Return a VariantStatus that begins now."""
    return [{"Status": kind, "StatusMessage": message, "StartTime": now()}]


def variants(fleet: Fleet, statuses: list[Document] | None = None) -> list[Document]:
    """Return ProductionVariants of a fleet that serves."""
    return [
        {**_summary(fleet, name), **({"VariantStatus": statuses} if statuses else {})}
        for name in fleet.content["counts"]
    ]


def count(told: list[Document], fleets: Sequence[Fleet]) -> None:
    """Put into ProductionVariants how many processes run now: some may have ended by themselves."""
    for fleet in fleets:
        for variant in told:
            running = fleet.variants.get(variant["VariantName"])
            if running is not None:
                variant["CurrentInstanceCount"] = len(running.lines)


def pending(fleet: Fleet, began: float, statuses: list[Document]) -> Document:
    """Return the PendingDeploymentSummary of a fleet that comes."""
    listed = []
    for name in fleet.content["counts"]:
        more = {"VariantStatus": statuses}
        kind = variant_of(fleet.content, name).get("InstanceType")
        if kind:
            more["InstanceType"] = kind
        listed.append({**_summary(fleet, name), **more})
    return {
        "EndpointConfigName": fleet.config,
        "ProductionVariants": listed,
        "StartTime": began,
    }


def capture(content: Document) -> Document | None:
    """Return the DataCaptureConfig of an endpoint, without what is known at run time alone."""
    given = content["capture"]
    if given is None:
        return None
    enabled = given.get("EnableCapture", True)
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": given["InitialSamplingPercentage"],
        "DestinationS3Uri": given["DestinationS3Uri"],
        "KmsKeyId": given.get("KmsKeyId", ""),
    }


def _summary(fleet: Fleet, name: str) -> Document:
    content, running = fleet.content, fleet.variants.get(name)
    found: dict[str, Any] = {
        "VariantName": name,
        "CurrentWeight": content["weights"][name],
        "DesiredWeight": content["weights"][name],
        "CurrentInstanceCount": len(running.lines) if running else 0,
        "DesiredInstanceCount": content["counts"][name],
    }
    routing = variant_of(content, name).get("RoutingConfig")
    if routing:
        found["RoutingConfig"] = routing
    if running is not None:
        found["DeployedImages"] = [_image(running)]
    return found


def _image(running: Variant) -> Document:
    return {
        "SpecifiedImage": running.found.uri,
        "ResolvedImage": running.found.resolved,
        "ResolutionTime": running.made,
    }
