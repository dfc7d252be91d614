"""Guardrail: images are scanned when they are pushed."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ecr-scan-images",
    title="images are scanned when they are pushed",
    why="an image has the holes of everything in it",
    severity="medium",
    remedy="leave scanning on",
    kinds=("shared-services", "data-science", "development"),
    frameworks=Frameworks(
        security_hub=("ECR.1",), conformance_packs=("devops", "self-hosted-ai-ml")
    ),
    service_control=fixed(
        deny(
            ("ecr:PutImageScanningConfiguration", "ecr:PutRegistryScanningConfiguration"),
            unless=BREAK_GLASS_AND_PLATFORM,
        )
    ),
    proactive=(
        templates.is_one_of("AWS::ECR::Repository", "ImageScanningConfiguration.ScanOnPush", True),
    ),
    detective=(Detective("ecr-private-image-scanning-enabled"),),
)
