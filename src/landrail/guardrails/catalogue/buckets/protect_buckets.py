"""Guardrail: only the platform makes and changes its buckets: who reaches them, what expires."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, deny


def _settings(facts: Facts) -> tuple[Statement, ...]:
    return (deny(narrow("s3", writes_on("s3", "bucket")), facts.buckets(), unless=MAKERS),)


GUARDRAIL = Guardrail(
    id="protect-buckets",
    title="only the platform makes and changes its buckets: who reaches them, what expires",
    why="a bucket's policy is half of what decides who reads its data",
    severity="high",
    remedy="change the file and apply it; name your own buckets otherwise than PLATFORM-...",
    service_control=_settings,
)
