"""Guardrails of CloudFormation: stacks are a way round every other guardrail.

A stack that was made with a service role keeps it: whoever may change the stack acts with that
role's powers, without passing it. And what a stack made goes when the stack goes. So stacks belong
to who made them: the platform's to the platform, the models' to the release role.
"""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    ROOT,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
    vending_role,
)

_STACK = "arn:aws:cloudformation:*:*:stack/{}/*"


def _platforms(_facts: Facts) -> tuple[Statement, ...]:
    makers = (role(PLATFORM), role(BREAK_GLASS), vending_role())
    return (deny(_changes(), _STACK.format("landrail-*"), unless=makers),)


def _models(_facts: Facts) -> tuple[Statement, ...]:
    makers = (role("release"), role(BREAK_GLASS))
    return (deny(_changes(), _STACK.format("model-*"), unless=makers),)


def _changes() -> tuple[str, ...]:
    return patterns("cloudformation", writes_on("cloudformation", "stack"))


STACKS = Guardrail(
    name="protect-stacks",
    summary="only the platform makes, changes or deletes its stacks",
    remedy="change the file and apply it; name your own stacks otherwise than landrail-...",
    scopes=(ROOT,),
    preventive=_platforms,
)
RELEASES = Guardrail(
    name="release-stacks-only",
    summary="only the release role changes the stacks of models in UAT and production",
    remedy="push to the model's repository; its pipeline releases it",
    scopes=("UAT", "Production"),
    preventive=_models,
)
