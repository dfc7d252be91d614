"""Guardrail: people sign in through the enterprise's identity provider; no account has users,
passwords or access keys of its own."""

from __future__ import annotations

from landrail.guardrails.actions import patterns, writes_on
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    ROOT,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)

_MAKES = ("Create", "Upload")


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    made = tuple(name for name in writes_on("iam", "user") if name.startswith(_MAKES))
    return (deny(patterns("iam", made), unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    name="deny-access-keys",
    summary="no account has users, passwords or access keys of its own",
    remedy="sign in with `landrail as`, or let a service enter a role",
    scopes=(ROOT,),
    preventive=_statements,
)
