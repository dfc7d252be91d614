"""Guardrail: no registry copies its images elsewhere or brings in those of others."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "ecr:CreatePullThroughCacheRule",
                "ecr:PutRegistryPolicy",
                "ecr:PutReplicationConfiguration",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="ecr-no-replication",
    title="no registry copies its images elsewhere or brings in those of others",
    why="replication and pull-through caches go on by themselves",
    severity="high",
    remedy="push to each registry in a pipeline",
    kinds=(
        "shared-services",
        "data-science",
        "development",
    ),
    service_control=_statements,
)
