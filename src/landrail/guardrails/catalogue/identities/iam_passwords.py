"""Guardrail: passwords are long and not used again."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="iam-passwords",
    title="passwords are long and not used again",
    why="what can be guessed is guessed",
    severity="medium",
    remedy="sign in as a role; users are not needed",
    service_control=fixed(
        deny(("iam:DeleteAccountPasswordPolicy", "iam:UpdateAccountPasswordPolicy"), unless=MAKERS)
    ),
    detective=(Detective("iam-password-policy"),),
    recommended=False,
)
