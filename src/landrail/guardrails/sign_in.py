"""Guardrail: nobody but the platform changes the identity provider that people sign in by."""

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


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            patterns("iam", writes_on("iam", "oidc-provider")),
            unless=(role(PLATFORM), role(BREAK_GLASS), vending_role()),
        ),
    )


GUARDRAIL = Guardrail(
    name="protect-sign-in",
    summary="only the platform changes the identity provider that the roles of people trust",
    remedy="change `identity` in the file and apply it",
    scopes=(ROOT,),
    preventive=_statements,
)
