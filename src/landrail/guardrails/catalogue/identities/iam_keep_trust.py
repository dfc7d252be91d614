"""Guardrail: nobody changes who may enter a role."""

from __future__ import annotations

from landrail.guardrails.guardrail import Guardrail
from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="iam-keep-trust",
    title="nobody changes who may enter a role",
    why="one more line of trust is a door that no review saw",
    severity="high",
    remedy="make a new role",
    service_control=fixed(deny("iam:UpdateAssumeRolePolicy", unless=MAKERS)),
    recommended=False,
)
