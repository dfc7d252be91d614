"""Guardrail: AWS makes the keys."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="kms-no-imported-keys",
    title="AWS makes the keys",
    why="a key that is brought along may be known elsewhere",
    severity="medium",
    remedy="leave Origin out",
    service_control=fixed(
        deny(
            "kms:CreateKey",
            unless=BREAK_GLASS_ONLY,
            when={"StringEquals": {"kms:KeyOrigin": ["EXTERNAL", "EXTERNAL_KEY_STORE"]}},
        )
    ),
    proactive=(templates.is_not("AWS::KMS::Key", "Origin", "EXTERNAL", "EXTERNAL_KEY_STORE"),),
    detective=(Detective("kms-key-material-of-aws"),),
    recommended=False,
)
