"""Guardrail: only the release role has endpoints scaled in UAT and production."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)

_STAGES = ("UAT", "Production")

_RELEASE = (role("release"), role("release-stack"), role(BREAK_GLASS))


def _scaling(_facts: Facts) -> tuple[Statement, ...]:
    # Its service-linked role changes endpoints, and no guardrail binds a service-linked role.
    service = "application-autoscaling"
    return (deny(patterns(service, writes(service)), unless=_RELEASE),)


GUARDRAIL = Guardrail(
    id="release-scaling-only",
    title="only the release role has endpoints scaled in UAT and production",
    why="scaling acts by a service-linked role, which no guardrail binds",
    severity="high",
    remedy="push to the model's repository; its pipeline releases it",
    kinds=("uat", "production"),
    service_control=_scaling,
)
