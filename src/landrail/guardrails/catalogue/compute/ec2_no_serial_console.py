"""Guardrail: nobody opens the serial console of instances."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="ec2-no-serial-console",
    title="nobody opens the serial console of instances",
    why="it passes by every network",
    severity="medium",
    remedy="reach instances by Systems Manager",
    service_control=fixed(deny("ec2:EnableSerialConsoleAccess", unless=BREAK_GLASS_ONLY)),
    recommended=False,
)
