"""Guardrail: nobody deletes what a bucket keeps for a time."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="s3-keep-locked",
    title="nobody deletes what a bucket keeps for a time",
    why="who may bypass governance may delete the evidence",
    severity="high",
    remedy="wait until the retention ends",
    service_control=fixed(deny("s3:BypassGovernanceRetention", unless=BREAK_GLASS_ONLY)),
)
