"""Guardrail: only the release role changes models, endpoints and jobs in UAT and production."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import RELEASERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="release-only",
    title="only the release role changes models, endpoints and jobs in UAT and production",
    why="a model that no pipeline released was tested and approved by nobody",
    severity="critical",
    remedy="push to the model's repository; its pipeline releases it",
    kinds=("uat", "production"),
    service_control=fixed(deny(patterns("sagemaker", writes("sagemaker")), unless=RELEASERS)),
)
