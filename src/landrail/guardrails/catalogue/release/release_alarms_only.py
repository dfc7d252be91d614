"""Guardrail: only the release role changes the alarms that send a new version back."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import RELEASERS
from landrail.guardrails.statements import Statement, deny


def _alarms(_facts: Facts) -> tuple[Statement, ...]:
    changes = patterns("cloudwatch", writes_on("cloudwatch", "alarm"))
    return (deny(changes, "arn:aws:cloudwatch:*:*:alarm:landrail/*", unless=RELEASERS),)


GUARDRAIL = Guardrail(
    id="release-alarms-only",
    title="only the release role changes the alarms that send a new version back",
    why="a canary whose alarm is silenced or set off by hand is judged by nobody",
    severity="high",
    remedy="say in the file what sends a version back; make alarms of your own under other names",
    kinds=("uat", "production"),
    service_control=_alarms,
)
