"""Guardrail: only the release role changes models, endpoints and jobs in UAT and production."""

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


def _models(_facts: Facts) -> tuple[Statement, ...]:
    return (deny(patterns("sagemaker", writes("sagemaker")), unless=_RELEASE),)


GUARDRAIL = Guardrail(
    id="release-only",
    title="only the release role changes models, endpoints and jobs in UAT and production",
    why="a model that no pipeline released was tested and approved by nobody",
    severity="critical",
    remedy="push to the model's repository; its pipeline releases it",
    kinds=("uat", "production"),
    service_control=_models,
)
