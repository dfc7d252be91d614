"""Guardrail: only the release role changes the stacks of models in UAT and production."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, role
from landrail.guardrails.statements import Statement, deny

_STACK = "arn:aws:cloudformation:*:*:stack/{}/*"


def _models(_facts: Facts) -> tuple[Statement, ...]:
    makers = (role("release"), role(BREAK_GLASS))
    return (deny(_changes(), _STACK.format("model-*"), unless=makers),)


def _changes() -> tuple[str, ...]:
    return narrow("cloudformation", writes_on("cloudformation", "stack"))


GUARDRAIL = Guardrail(
    id="release-stacks-only",
    title="only the release role changes the stacks of models in UAT and production",
    why="a stack that no pipeline deployed is a release that nobody tested",
    severity="critical",
    remedy="push to the model's repository; its pipeline releases it",
    kinds=("uat", "production"),
    service_control=_models,
)
