"""Guardrail: nobody stops, changes or deletes a trail."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import (
    MAKERS,
    Facts,
    Guardrail,
    Statement,
    deny,
)


def _trail(_facts: Facts) -> tuple[Statement, ...]:
    actions = narrow("cloudtrail", writes_on("cloudtrail", "trail"))
    return (deny(actions, unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="protect-trail",
    title="nobody stops, changes or deletes a trail",
    why="what is not in the trail cannot be found afterwards",
    severity="critical",
    remedy="ask the security team; the trail belongs to the management account",
    service_control=_trail,
)
