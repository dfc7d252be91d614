"""Guardrail: only the platform changes the Config recorder, its delivery and its rules."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import (
    MAKERS,
    Detective,
    Facts,
    Guardrail,
    Statement,
    deny,
)


def _recorder(_facts: Facts) -> tuple[Statement, ...]:
    return (deny(patterns("config", writes("config")), unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="protect-recorder",
    title="only the platform changes the Config recorder, its delivery and its rules",
    why="detective guardrails see only what is recorded",
    severity="high",
    remedy="change the file and apply it",
    service_control=_recorder,
    detective=(
        Detective("config-recorder-on"),
        Detective("config-recorder-all-types"),
    ),
)
