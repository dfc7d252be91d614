"""Guardrail: root users have no access keys."""

from __future__ import annotations

from landrail.guardrails.guardrail import Detective, Frameworks, Guardrail
from landrail.guardrails.statements import deny, fixed

GUARDRAIL = Guardrail(
    id="deny-root-keys",
    title="root users have no access keys",
    why="such a key can do everything, and its loss is noticed last",
    severity="critical",
    remedy="delete the key; sign in as a role",
    frameworks=Frameworks(
        control_tower=("AWS-GR_RESTRICT_ROOT_USER_ACCESS_KEYS",),
        security_hub=("IAM.4",),
        conformance_packs=("ai-ml-infrastructure",),
    ),
    service_control=fixed(
        deny("iam:CreateAccessKey", when={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}})
    ),
    detective=(Detective("iam-root-access-key-check"),),
)
