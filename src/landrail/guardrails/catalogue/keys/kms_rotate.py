"""Guardrail: keys rotate."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    Detective,
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
    role,
)

_SYMMETRIC = templates.where(
    lambda properties: (
        not properties.get("KeySpec", "").startswith(("RSA", "ECC", "HMAC", "SM2", "ML"))
        if isinstance(properties.get("KeySpec", ""), str)
        else False
    ),
    templates.is_one_of("AWS::KMS::Key", "EnableKeyRotation", True),
)
"""Only keys of this kind rotate by themselves."""


def _statements(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("kms:DisableKeyRotation", unless=(role(BREAK_GLASS),)),)


GUARDRAIL = Guardrail(
    id="kms-rotate",
    title="keys rotate",
    why="a key that never changes has encrypted everything when it leaks",
    severity="medium",
    remedy="make the key in a stack, with EnableKeyRotation",
    frameworks=Frameworks(
        security_hub=("KMS.4",),
        conformance_packs=("ai-ml-infrastructure",),
    ),
    service_control=_statements,
    proactive=(_SYMMETRIC,),
    detective=(Detective("cmk-backing-key-rotation-enabled"),),
)
