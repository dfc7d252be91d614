"""Guardrail: root users sign in with a second factor."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail

GUARDRAIL = Guardrail(
    id="root-with-mfa",
    title="root users sign in with a second factor",
    why="whoever reads the mailbox of the account owns it",
    severity="high",
    remedy="add a second factor, or take the root user's credentials away",
    frameworks=Frameworks(
        control_tower=("AWS-GR_ROOT_ACCOUNT_MFA_ENABLED",),
        security_hub=("IAM.9",),
        conformance_packs=("ct-detective",),
    ),
    detective=(Detective("root-account-mfa-enabled"),),
    recommended=False,
)
