"""Guardrail: nobody deletes what a bucket keeps for a time."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("s3:BypassGovernanceRetention", unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="s3-keep-locked",
    title="nobody deletes what a bucket keeps for a time",
    why="who may bypass governance may delete the evidence",
    severity="high",
    remedy="wait until the retention ends",
    service_control=_statements,
)
