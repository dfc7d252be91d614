"""Guardrail: only the platform makes, changes or deletes its stacks."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, PLATFORM, role, vending_role
from landrail.guardrails.statements import Statement, deny

_STACK = "arn:aws:cloudformation:*:*:stack/{}/*"


def _platforms(_facts: Facts) -> tuple[Statement, ...]:
    makers = (role(PLATFORM), role(BREAK_GLASS), vending_role())
    return (deny(_changes(), _STACK.format("landrail-*"), unless=makers),)


def _changes() -> tuple[str, ...]:
    return narrow("cloudformation", writes_on("cloudformation", "stack"))


GUARDRAIL = Guardrail(
    id="protect-stacks",
    title="only the platform makes, changes or deletes its stacks",
    why="stacks act under the platform's role: who changes one acts with its power",
    severity="critical",
    remedy="change the file and apply it; name your own stacks otherwise than landrail-...",
    service_control=_platforms,
)
