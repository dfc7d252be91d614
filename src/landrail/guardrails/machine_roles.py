"""Guardrail: only the platform makes, changes, passes or enters the platform's roles.

Every other guardrail exempts a machine role by its ARN, so whoever could make or edit such a role
would be free of all of them. The role of the vending is under it too: it is exempt itself.
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

_PASSED_ON = "PassRole"
_MAKERS = (role(PLATFORM), role(BREAK_GLASS), vending_role())
_PASSERS = (
    *_MAKERS,
    role("release"),
    role("release-stack"),
    role("data-scientist-*"),
    role("studio-*"),
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    ours = (role("*"), vending_role())
    edits = tuple(name for name in writes_on("iam", "role") if name != _PASSED_ON)
    policies = patterns("iam", writes_on("iam", "policy"))
    return (
        deny(patterns("iam", edits), ours, unless=_MAKERS),
        deny("iam:PassRole", ours, unless=_PASSERS),
        deny(
            ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
            ours,
            unless=(role("pipeline-*"), role(BREAK_GLASS)),
        ),
        deny(policies, "arn:aws:iam::*:policy/landrail/*", unless=_MAKERS),
    )


GUARDRAIL = Guardrail(
    name="protect-machine-roles",
    summary="only the platform makes, changes, passes or enters roles under /landrail/",
    remedy="change the file and apply it; use a role outside /landrail/ for your own work",
    scopes=(ROOT,),
    preventive=_statements,
)
