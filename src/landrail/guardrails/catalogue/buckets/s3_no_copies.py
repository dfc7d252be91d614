"""Guardrail: no bucket is copied or listed elsewhere."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="s3-no-copies",
    title="no bucket is copied or listed elsewhere",
    why="replication and inventories go on by themselves, to buckets of anybody",
    severity="high",
    remedy="copy what is needed by a job that the file knows",
    service_control=fixed(
        deny(
            (
                "s3:PutReplicationConfiguration",
                "s3:PutInventoryConfiguration",
                "s3:PutAnalyticsConfiguration",
            ),
            unless=BREAK_GLASS_ONLY,
        )
    ),
)
