"""Guardrail: users sign in with a second factor."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="iam-users-with-mfa",
    title="users sign in with a second factor",
    why="a password alone is read over a shoulder",
    severity="high",
    remedy="sign in as a role; users are not needed",
    frameworks=Frameworks(
        control_tower=(
            "AWS-GR_IAM_USER_MFA_ENABLED",
            "AWS-GR_MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS",
        ),
        security_hub=(
            "IAM.19",
            "IAM.5",
        ),
        conformance_packs=(
            "ai-ml-infrastructure",
            "ct-detective",
        ),
    ),
    detective=(
        Detective("iam-user-mfa-enabled"),
        Detective("mfa-enabled-for-iam-console-access"),
    ),
)
