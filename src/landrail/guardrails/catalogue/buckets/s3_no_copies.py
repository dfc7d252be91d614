"""Guardrail: no bucket is copied or listed elsewhere."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "s3:PutReplicationConfiguration",
                "s3:PutInventoryConfiguration",
                "s3:PutAnalyticsConfiguration",
            ),
            unless=(role(BREAK_GLASS),),
        ),
    )


GUARDRAIL = Guardrail(
    id="s3-no-copies",
    title="no bucket is copied or listed elsewhere",
    why="replication and inventories go on by themselves, to buckets of anybody",
    severity="high",
    remedy="copy what is needed by a job that the file knows",
    service_control=_statements,
)
