"""Guardrail: AWS makes the keys."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Detective,
    Facts,
    Guardrail,
    Statement,
    deny,
    role,
)


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (
        deny(
            "kms:CreateKey",
            unless=(role(BREAK_GLASS),),
            when={"StringEquals": {"kms:KeyOrigin": ["EXTERNAL", "EXTERNAL_KEY_STORE"]}},
        ),
    )


GUARDRAIL = Guardrail(
    id="kms-no-imported-keys",
    title="AWS makes the keys",
    why="a key that is brought along may be known elsewhere",
    severity="medium",
    remedy="leave Origin out",
    service_control=_statements,
    proactive=(templates.is_not("AWS::KMS::Key", "Origin", "EXTERNAL", "EXTERNAL_KEY_STORE"),),
    detective=(Detective("kms-key-material-of-aws"),),
    recommended=False,
)
