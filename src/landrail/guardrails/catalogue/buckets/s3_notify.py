"""Guardrail: buckets tell of changes."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="s3-notify",
    title="buckets tell of changes",
    why="what nobody hears of is looked at too late",
    severity="low",
    remedy="set a notification",
    frameworks=Frameworks(
        security_hub=("S3.11",),
        conformance_packs=(
            "datalake-analytics",
            "s3",
        ),
    ),
    detective=(Detective("s3-event-notifications-enabled"),),
    recommended=False,
)
