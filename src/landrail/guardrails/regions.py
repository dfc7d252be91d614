"""Guardrail: everything happens in the platform's region.

Services that AWS runs for the whole world answer from one region wherever the caller is; they are
exempt by a table of services (botocore's endpoint data, checked by a test against it).
"""

from __future__ import annotations

from landrail.guardrails.guardrail import (
    BREAK_GLASS,
    PLATFORM,
    ROOT,
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
    name="deny-other-regions",
    summary="everything happens in the platform's region",
    remedy="work in the region of the file",
    scopes=(ROOT,),
    preventive=_statements,
)
