"""Guardrail: everything happens in the platform's region."""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    Facts,
    Guardrail,
    Statement,
    role,
    vending_role,
)

GLOBAL_SERVICES = (
    "account",
    "billing",
    "billingconductor",
    "budgets",
    "ce",
    "chime",
    "cloudfront",
    "codecatalyst",
    "health",
    "iam",
    "importexport",
    "networkmanager",
    "notifications-contacts",
    "organizations",
    "payments",
    "route53",
    "savingsplans",
    "shield",
    "sts",
    "support",
    "tax",
    "waf",
)

_NOT_BOUND = ("s3:GetAccountPublicAccessBlock", "s3:ListAllMyBuckets")


def _statements(facts: Facts) -> tuple[Statement, ...]:
    return (
        {
            "Effect": "Deny",
            "NotAction": [*(f"{service}:*" for service in GLOBAL_SERVICES), *_NOT_BOUND],
            "Resource": "*",
            "Condition": {
                "StringNotEquals": {"aws:RequestedRegion": facts.region},
                "ArnNotLike": {
                    "aws:PrincipalArn": [role(PLATFORM), role(BREAK_GLASS), vending_role()]
                },
            },
        },
    )


GUARDRAIL = Guardrail(
    id="deny-other-regions",
    title="everything happens in the platform's region",
    why="what stands in a region where nothing is looked at is found by nobody",
    severity="medium",
    remedy="work in the region of the file",
    service_control=_statements,
)
