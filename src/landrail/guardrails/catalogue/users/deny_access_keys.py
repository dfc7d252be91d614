"""Guardrail: no account has users, passwords or access keys of its own."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import Detective, Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import Statement, deny

_MAKES = ("Create", "Upload")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    made = tuple(name for name in writes_on("iam", "user") if name.startswith(_MAKES))
    return (deny(patterns("iam", made), unless=BREAK_GLASS_ONLY),)


GUARDRAIL = Guardrail(
    id="deny-access-keys",
    title="no account has users, passwords or access keys of its own",
    why="long-lived keys leak, and outlive the people that they were made for",
    severity="high",
    remedy="sign in with `landrail as`, or let a service enter a role",
    service_control=_statements,
    detective=(Detective("iam-user-exists"), Detective("iam-user-access-key-exists")),
)
