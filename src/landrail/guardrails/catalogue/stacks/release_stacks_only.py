"""Guardrail: only the release role changes the stacks of models in UAT and production."""

from __future__ import annotations

from landrail.guardrails.actions import STACK_CHANGES
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import BREAK_GLASS, role
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="release-stacks-only",
    title="only the release role changes the stacks of models in UAT and production",
    why="a stack that no pipeline deployed is a release that nobody tested",
    severity="critical",
    remedy="push to the model's repository; its pipeline releases it",
    kinds=("uat", "production"),
    service_control=fixed(
        deny(
            STACK_CHANGES,
            "arn:aws:cloudformation:*:*:stack/model-*/*",
            unless=(role("release"), role(BREAK_GLASS)),
        )
    ),
)
