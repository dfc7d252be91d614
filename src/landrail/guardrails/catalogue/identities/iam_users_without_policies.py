"""Guardrail: users hold no policies themselves."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="iam-users-without-policies",
    title="users hold no policies themselves",
    why="what each user may do for itself nobody sees together",
    severity="low",
    remedy="sign in as a role; users are not needed",
    frameworks=Frameworks(
        security_hub=(
            "IAM.2",
            "IAM.3",
        ),
        conformance_packs=("ai-ml-infrastructure",),
    ),
    detective=(
        Detective("iam-user-no-policies-check"),
        Detective("access-keys-rotated"),
    ),
)
