"""Guardrail: nobody lifts the blocks of public images and snapshots."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "ec2:DisableImageBlockPublicAccess",
                "ec2:DisableSnapshotBlockPublicAccess",
                "ec2:EnableSnapshotBlockPublicAccess",
            ),
            unless=(role(BREAK_GLASS), role(PLATFORM)),
        ),
    )


GUARDRAIL = Guardrail(
    id="ec2-keep-blocks",
    title="nobody lifts the blocks of public images and snapshots",
    why="a block that can be lifted blocks nothing",
    severity="high",
    remedy="leave the block as it is",
    service_control=_statements,
)
