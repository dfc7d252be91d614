"""Guardrail: nobody writes or deletes what the log archive holds."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, role
from landrail.guardrails.statements import Statement, deny


def _logs(facts: Facts) -> tuple[Statement, ...]:
    bucket = facts.buckets("log-archive-*")
    on_bucket = patterns("s3", writes_on("s3", "bucket"))
    return (
        deny(on_bucket, bucket, unless=(role(PLATFORM), role(BREAK_GLASS))),
        deny(
            patterns("s3", writes_on("s3", "object")),
            f"{bucket}/*",
            unless=(role("config-recorder"),),
        ),
    )


GUARDRAIL = Guardrail(
    id="protect-logs",
    title="nobody writes or deletes what the log archive holds",
    why="evidence that can be changed is no evidence",
    severity="critical",
    remedy="logs are kept until their retention ends",
    kinds=("log-archive", "audit"),
    service_control=_logs,
)
