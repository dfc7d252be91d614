"""Fix: images are scanned when they are pushed."""

from __future__ import annotations

from landrail.rules.fix import Fix, fixed_call

FIX = Fix(
    rules=("ecr-private-image-scanning-enabled",),
    says="scan images when they are pushed",
    calls=fixed_call(
        "ecr",
        "PutImageScanningConfiguration",
        repositoryName="{id}",
        imageScanningConfiguration={"scanOnPush": True},
    ),
    actions=("ecr:PutImageScanningConfiguration",),
)
