"""Guardrail: nobody deletes flow logs."""

from __future__ import annotations

from landrail.guardrails.guardrail import BREAK_GLASS, Facts, Guardrail, Statement, deny, role


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("ec2:DeleteFlowLogs", unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="vpc-keep-flow-logs",
    title="nobody deletes flow logs",
    why="who went where is known from them alone",
    severity="medium",
    remedy="keep the flow log",
    service_control=_statements,
    recommended=False,
)
