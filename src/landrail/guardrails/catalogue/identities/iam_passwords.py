"""Guardrail: passwords are long and not used again."""

from __future__ import annotations

from landrail.guardrails.guardrail import MAKERS, Detective, Facts, Guardrail, Statement, deny


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            (
                "iam:DeleteAccountPasswordPolicy",
                "iam:UpdateAccountPasswordPolicy",
            ),
            unless=MAKERS,
        ),
    )


GUARDRAIL = Guardrail(
    id="iam-passwords",
    title="passwords are long and not used again",
    why="what can be guessed is guessed",
    severity="medium",
    remedy="sign in as a role; users are not needed",
    service_control=_statements,
    detective=(Detective("iam-password-policy"),),
    recommended=False,
)
