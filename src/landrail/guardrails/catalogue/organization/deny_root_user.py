"""Guardrail: the root users of member accounts do nothing."""

from __future__ import annotations

from landrail.guardrails.guardrail import Frameworks, Guardrail
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="deny-root-user",
    title="the root users of member accounts do nothing",
    why="no identity policy binds a root user, and nobody's name stands behind what it does",
    severity="high",
    remedy="sign in as a role; in an emergency as break-glass",
    frameworks=Frameworks(control_tower=("AWS-GR_RESTRICT_ROOT_USER",)),
    service_control=fixed(deny("*", when={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}})),
)
