"""Guardrail: nobody lifts the blocks of public images and snapshots."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ec2-keep-blocks",
    title="nobody lifts the blocks of public images and snapshots",
    why="a block that can be lifted blocks nothing",
    severity="high",
    remedy="leave the block as it is",
    service_control=fixed(
        deny(
            (
                "ec2:DisableImageBlockPublicAccess",
                "ec2:DisableSnapshotBlockPublicAccess",
                "ec2:EnableSnapshotBlockPublicAccess",
            ),
            unless=MAKERS,
        )
    ),
    detective=(
        Detective("ec2-image-block-public-access"),
        Detective("ebs-snapshot-block-public-access"),
    ),
)
