"""Denials outside of named regions, and the services that are not in any: what they have is
everywhere, whichever region a request for it names. Nothing here knows a guardrail."""

from __future__ import annotations

from landrail.guardrails.powers import MAKERS, role
from landrail.guardrails.statements import Statement, plain

GLOBAL_SERVICES = (
    "account",
    "artifact",
    "billing",
    "billingconductor",
    "budgets",
    "ce",
    "chime",
    "cloudfront",
    "codecatalyst",
    "consolidatedbilling",
    "cur",
    "freetier",
    "health",
    "iam",
    "importexport",
    "invoicing",
    "networkmanager",
    "notifications-contacts",
    "organizations",
    "payments",
    "pricing",
    "route53",
    "route53domains",
    "savingsplans",
    "shield",
    "sts",
    "support",
    "supportplans",
    "sustainability",
    "tax",
    "trustedadvisor",
    "waf",
)
"""Of the services that Control Tower's denial of regions (CT.MULTISERVICE.PV.1) spares those that
hold no data or keys, carry no traffic and run nothing in a region that is named: the others are
denied where they are asked elsewhere. CodeCatalyst is in no region either."""

_NOT_BOUND = (
    "cloudtrail:LookupEvents",
    "ec2:DescribeRegions",
    "s3:GetAccountPublicAccessBlock",
    "s3:GetBucketLocation",
    "s3:ListAllMyBuckets",
)
"""Reading that clients do in a region of their own choice, and that finds what is global."""
_SPARED = (*MAKERS, role("reader"))
"""An audit looks for what stands in other regions; its role reads configuration and no more."""


def only_in(*regions: str) -> Statement:
    """Return a Deny of everything in other regions than these."""
    return {
        "Effect": "Deny",
        "NotAction": [*(f"{service}:*" for service in GLOBAL_SERVICES), *_NOT_BOUND],
        "Resource": "*",
        "Condition": {
            "StringNotEquals": {"aws:RequestedRegion": plain(regions)},
            "ArnNotLike": {"aws:PrincipalArn": list(_SPARED)},
        },
    }
