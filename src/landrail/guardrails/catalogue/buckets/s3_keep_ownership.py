"""Guardrail: nobody turns access control lists on."""

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
    return (deny("s3:PutBucketOwnershipControls", unless=(role(BREAK_GLASS), role(PLATFORM))),)


GUARDRAIL = Guardrail(
    id="s3-keep-ownership",
    title="nobody turns access control lists on",
    why="lists that are off grant nothing; those that are turned on grant again what they did",
    severity="medium",
    remedy="leave the ownership of objects with the bucket's owner",
    service_control=_statements,
)
