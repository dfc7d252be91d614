"""Guardrail: nobody writes a new version of a policy."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="iam-keep-policies",
    title="nobody writes a new version of a policy",
    why="a policy is read when it is attached; its next version is not",
    severity="high",
    remedy="make a new policy",
    service_control=fixed(
        deny(("iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"), unless=MAKERS)
    ),
    recommended=False,
)
