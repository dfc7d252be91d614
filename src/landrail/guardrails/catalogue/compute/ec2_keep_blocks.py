"""Guardrail: nobody lifts the blocks of public images and snapshots."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    MAKERS,
    Detective,
    Facts,
    Guardrail,
    Statement,
    deny,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "ec2:DisableImageBlockPublicAccess",
                "ec2:DisableSnapshotBlockPublicAccess",
                "ec2:EnableSnapshotBlockPublicAccess",
            ),
            unless=MAKERS,
        ),
    )


GUARDRAIL = Guardrail(
    id="ec2-keep-blocks",
    title="nobody lifts the blocks of public images and snapshots",
    why="a block that can be lifted blocks nothing",
    severity="high",
    remedy="leave the block as it is",
    service_control=_statements,
    detective=(
        Detective("ec2-image-block-public-access"),
        Detective("ebs-snapshot-block-public-access"),
    ),
)
