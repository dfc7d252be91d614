"""Guardrail: nobody silences the alarm that an entry of break-glass raises."""

from __future__ import annotations

from landrail.guardrails.actions import DEFAULT_RULE, patterns, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, deny


def _rules(_facts: Facts) -> tuple[Statement, ...]:
    changes = patterns("events", writes_on("events", DEFAULT_RULE))
    return (deny(changes, "arn:aws:events:*:*:rule/landrail-*", unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="protect-alarms",
    title="nobody silences the alarm that an entry of break-glass raises",
    why="an entry of break-glass that nobody hears of is a back door",
    severity="high",
    remedy="make rules of your own, named otherwise than landrail-...",
    service_control=_rules,
)
