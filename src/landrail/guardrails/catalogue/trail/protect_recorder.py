"""Guardrail: only the platform changes the Config recorder, its delivery and its rules."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="protect-recorder",
    title="only the platform changes the Config recorder, its delivery and its rules",
    why="detective guardrails see only what is recorded",
    severity="high",
    remedy="change the file and apply it",
    service_control=fixed(deny(patterns("config", writes("config")), unless=MAKERS)),
    detective=(Detective("config-recorder-on"), Detective("config-recorder-all-types")),
)
