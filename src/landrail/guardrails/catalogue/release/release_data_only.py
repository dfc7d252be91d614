"""Guardrail: only jobs and releases write the data of UAT and production."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import PLATFORM, RELEASERS, role
from landrail.guardrails.statements import Statement, deny


def _data(facts: Facts) -> tuple[Statement, ...]:
    writers = (*RELEASERS, role("job"), role("model"), role(PLATFORM))
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
