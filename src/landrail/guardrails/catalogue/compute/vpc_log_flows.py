"""Guardrail: networks log their flows."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="vpc-log-flows",
    title="networks log their flows",
    why="who went where is known from flow logs alone",
    severity="medium",
    remedy="make a flow log for the VPC",
    frameworks=Frameworks(
        security_hub=("EC2.6",),
        conformance_packs=("ai-ml-infrastructure",),
    ),
    detective=(Detective("vpc-flow-logs-enabled"),),
    recommended=False,
)
