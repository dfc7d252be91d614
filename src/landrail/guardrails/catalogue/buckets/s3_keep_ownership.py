"""Guardrail: nobody turns access control lists on."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_AND_PLATFORM
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="s3-keep-ownership",
    title="nobody turns access control lists on",
    why="lists that are off grant nothing; those that are turned on grant again what they did",
    severity="medium",
    remedy="leave the ownership of objects with the bucket's owner",
    service_control=fixed(deny("s3:PutBucketOwnershipControls", unless=BREAK_GLASS_AND_PLATFORM)),
)
