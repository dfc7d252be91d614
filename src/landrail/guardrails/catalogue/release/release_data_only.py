"""Guardrail: only jobs and releases write the data of UAT and production."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)

_STAGES = ("UAT", "Production")

_RELEASE = (role("release"), role("release-stack"), role(BREAK_GLASS))


def _data(facts: Facts) -> tuple[Statement, ...]:
    writers = (*_RELEASE, role("job"), role("model"), role(PLATFORM))
    objects = f"{facts.buckets('stage-*')}/*"
    return (deny(patterns("s3", writes_on("s3", "object")), objects, unless=writers),)


GUARDRAIL = Guardrail(
    id="release-data-only",
    title="only jobs and releases write the data of UAT and production",
    why="who can change a job's data can change what the model answers",
    severity="high",
    remedy="run it as a job of the model's pipeline",
    kinds=("uat", "production"),
    service_control=_data,
)
