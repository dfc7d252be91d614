"""Guardrail: keys rotate."""

from __future__ import annotations

from landrail.guardrails import templates
from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.powers import BREAK_GLASS_ONLY
from landrail.guardrails.statements import deny, fixed

_SYMMETRIC = templates.where(
    lambda properties: (
        not properties.get("KeySpec", "").startswith(("RSA", "ECC", "HMAC", "SM2", "ML"))
        if isinstance(properties.get("KeySpec", ""), str)
        else False
    ),
    templates.is_one_of("AWS::KMS::Key", "EnableKeyRotation", True),
)
"""Only keys of this kind rotate by themselves."""


GUARDRAIL = Guardrail(
    id="kms-rotate",
    title="keys rotate",
    why="a key that never changes has encrypted everything when it leaks",
    severity="medium",
    remedy="make the key in a stack, with EnableKeyRotation",
    frameworks=Frameworks(security_hub=("KMS.4",), conformance_packs=("ai-ml-infrastructure",)),
    service_control=fixed(deny("kms:DisableKeyRotation", unless=BREAK_GLASS_ONLY)),
    proactive=(_SYMMETRIC,),
    detective=(Detective("cmk-backing-key-rotation-enabled"),),
)
