"""Guardrail: nobody writes a new version of a policy."""

from __future__ import annotations

from landrail.guardrails.guardrail import MAKERS, Facts, Guardrail, Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "iam:CreatePolicyVersion",
                "iam:SetDefaultPolicyVersion",
            ),
            unless=MAKERS,
        ),
    )


GUARDRAIL = Guardrail(
    id="iam-keep-policies",
    title="nobody writes a new version of a policy",
    why="a policy is read when it is attached; its next version is not",
    severity="high",
    remedy="make a new policy",
    service_control=_statements,
    recommended=False,
)
