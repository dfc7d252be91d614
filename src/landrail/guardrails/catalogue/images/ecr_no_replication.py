"""Guardrail: no registry copies its images elsewhere or brings in those of others."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ecr-no-replication",
    title="no registry copies its images elsewhere or brings in those of others",
    why="replication and pull-through caches go on by themselves",
    severity="high",
    remedy="push to each registry in a pipeline",
    kinds=("shared-services", "data-science", "development"),
    service_control=fixed(
        deny(
            (
                "ecr:CreatePullThroughCacheRule",
                "ecr:PutRegistryPolicy",
                "ecr:PutReplicationConfiguration",
            ),
            unless=BREAK_GLASS_ONLY,
        )
    ),
)
