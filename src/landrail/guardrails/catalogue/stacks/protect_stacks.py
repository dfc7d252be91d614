"""Guardrail: only the platform makes, changes or deletes its stacks."""

from __future__ import annotations

from landrail.guardrails.actions import STACK_CHANGES
from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="protect-stacks",
    title="only the platform makes, changes or deletes its stacks",
    why="stacks act under the platform's role: who changes one acts with its power",
    severity="critical",
    remedy="change the file and apply it; name your own stacks otherwise than landrail-...",
    service_control=fixed(
        deny(STACK_CHANGES, "arn:aws:cloudformation:*:*:stack/landrail-*/*", unless=MAKERS)
    ),
)
