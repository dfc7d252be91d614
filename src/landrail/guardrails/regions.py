"""Denials outside of named regions, and the services that are not in any: what they have is
everywhere, whichever region a request for it names. Nothing here knows a guardrail."""

from __future__ import annotations

from landrail.guardrails.powers import MAKERS
from landrail.guardrails.statements import Statement, plain

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


def only_in(*regions: str) -> Statement:
    """Return a Deny of everything in other regions than these."""
    return {
        "Effect": "Deny",
        "NotAction": [*(f"{service}:*" for service in GLOBAL_SERVICES), *_NOT_BOUND],
        "Resource": "*",
        "Condition": {
            "StringNotEquals": {"aws:RequestedRegion": plain(regions)},
            "ArnNotLike": {"aws:PrincipalArn": list(MAKERS)},
        },
    }
