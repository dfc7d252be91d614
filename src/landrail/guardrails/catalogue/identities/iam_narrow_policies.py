"""Guardrail: no policy allows all of a service."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="iam-narrow-policies",
    title="no policy allows all of a service",
    why="nobody needs all of it, and intruders use the rest",
    severity="medium",
    remedy="name the actions",
    frameworks=Frameworks(
        security_hub=("IAM.21",),
    ),
    detective=(Detective("iam-policy-no-statements-with-full-access"),),
)
