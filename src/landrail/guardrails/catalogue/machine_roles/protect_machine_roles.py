"""Guardrail: only the platform makes, changes, passes or enters roles under /landrail/."""

from __future__ import annotations

from landrail.guardrails.actions import narrow, writes_on
from landrail.guardrails.guardrail import Facts, Guardrail
from landrail.guardrails.powers import BREAK_GLASS, MAKERS, role, vending_role
from landrail.guardrails.statements import Statement, deny

_PASSED_ON = "PassRole"


_PASSERS = (
    *MAKERS,
    role("release"),
    role("release-stack"),
    role("data-scientist-*"),
    role("studio-*"),
)


def _statements(facts: Facts) -> tuple[Statement, ...]:
    ours = (role("*"), vending_role(), *facts.powers)
    edits = tuple(name for name in writes_on("iam", "role") if name != _PASSED_ON)
    policies = narrow("iam", writes_on("iam", "policy"))
    return (
        deny(narrow("iam", edits), ours, unless=MAKERS),
        deny("iam:PassRole", ours, unless=_PASSERS),
        deny(
            ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"),
            ours,
            unless=(role("pipeline-*"), role(BREAK_GLASS)),
        ),
        deny(policies, "arn:aws:iam::*:policy/landrail/*", unless=MAKERS),
    )


GUARDRAIL = Guardrail(
    id="protect-machine-roles",
    title="only the platform makes, changes, passes or enters roles under /landrail/",
    why="every guardrail exempts a machine role by its ARN: who becomes it is free of them all",
    severity="critical",
    remedy="change the file and apply it; use a role outside /landrail/ for your own work",
    service_control=_statements,
)
