"""Guardrail: nobody deletes flow logs."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="vpc-keep-flow-logs",
    title="nobody deletes flow logs",
    why="who went where is known from them alone",
    severity="medium",
    remedy="keep the flow log",
    service_control=fixed(deny("ec2:DeleteFlowLogs", unless=BREAK_GLASS_ONLY)),
    recommended=False,
)
