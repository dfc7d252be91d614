"""Guardrail: the root users of member accounts do nothing."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    Facts,
    Frameworks,
    Guardrail,
    Statement,
    deny,
)


def _root_user(_facts: Facts) -> tuple[Statement, ...]:
    return (deny("*", when={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}}),)


GUARDRAIL = Guardrail(
    id="deny-root-user",
    title="the root users of member accounts do nothing",
    why="no identity policy binds a root user, and nobody's name stands behind what it does",
    severity="high",
    remedy="sign in as a role; in an emergency as break-glass",
    frameworks=Frameworks(control_tower=("AWS-GR_RESTRICT_ROOT_USER",)),
    service_control=_root_user,
)
