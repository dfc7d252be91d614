"""Guardrail: images are scanned when they are pushed."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Detective,
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "ecr:PutImageScanningConfiguration",
                "ecr:PutRegistryScanningConfiguration",
            ),
            unless=(role(BREAK_GLASS), role(PLATFORM)),
        ),
    )


GUARDRAIL = Guardrail(
    id="ecr-scan-images",
    title="images are scanned when they are pushed",
    why="an image has the holes of everything in it",
    severity="medium",
    remedy="leave scanning on",
    kinds=(
        "shared-services",
        "data-science",
        "development",
    ),
    frameworks=Frameworks(
        security_hub=("ECR.1",),
        conformance_packs=(
            "devops",
            "self-hosted-ai-ml",
        ),
    ),
    service_control=_statements,
    proactive=(
        templates.is_one_of("AWS::ECR::Repository", "ImageScanningConfiguration.ScanOnPush", True),
    ),
    detective=(Detective("ecr-private-image-scanning-enabled"),),
)
