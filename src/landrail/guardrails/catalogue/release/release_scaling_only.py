"""Guardrail: only the release role has endpoints scaled in UAT and production."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import RELEASERS
from landrail.guardrails.statements import Statement, deny


def _scaling(_facts: Facts) -> tuple[Statement, ...]:
    # Its service-linked role changes endpoints, and no guardrail binds a service-linked role.
    service = "application-autoscaling"
    return (deny(patterns(service, writes(service)), unless=RELEASERS),)


GUARDRAIL = Guardrail(
    id="release-scaling-only",
    title="only the release role has endpoints scaled in UAT and production",
    why="scaling acts by a service-linked role, which no guardrail binds",
    severity="high",
    remedy="push to the model's repository; its pipeline releases it",
    kinds=("uat", "production"),
    service_control=_scaling,
)
