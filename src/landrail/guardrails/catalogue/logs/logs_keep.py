"""Guardrail: nobody deletes logs."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="logs-keep",
    title="nobody deletes logs",
    why="a log that can be deleted is evidence of nothing",
    severity="high",
    remedy="let them expire",
    service_control=fixed(deny(("logs:DeleteLogGroup", "logs:DeleteLogStream"), unless=MAKERS)),
    recommended=False,
)
