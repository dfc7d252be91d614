"""What AWS's services may do in an account by themselves, as their service-linked roles.

On AWS each such role carries a policy of AWS's that nobody can change. The local services act so
only for what is listed here; everything else they do under a role they were given.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from landrail.policy import (
    Document,
    Policies,
    PolicyInForce,
    Principal,
    Request,
    authorize,
    parse_document,
)

_EVERY_SERVICE = ("events:PutEvents",)
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "events.amazonaws.com": ("events:List*", "events:Describe*"),
    "config.amazonaws.com": (
        "config:Put*",
        "config:Describe*",
        "s3:GetBucket*",
        "s3:GetEncryptionConfiguration",
        "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration",
        "s3:GetAccelerateConfiguration",
        "s3:GetAccountPublicAccessBlock",
        "s3:ListAllMyBuckets",
        "s3:ListBucket",
        "iam:Get*",
        "iam:List*",
        "kms:Describe*",
        "kms:GetKeyRotationStatus",
        "kms:List*",
        "cloudtrail:Describe*",
        "cloudtrail:Get*",
        "ec2:Describe*",
        "sagemaker:Describe*",
        "sagemaker:List*",
    ),
    "cloudtrail.amazonaws.com": ("organizations:Describe*", "organizations:List*"),
    "sso.amazonaws.com": (
        "iam:*Role*",
        "iam:GetPolicy",
        "iam:*SAMLProvider*",
        "organizations:Describe*",
        "organizations:List*",
    ),
    "access-analyzer.amazonaws.com": ("iam:Get*", "iam:List*", "s3:GetBucket*", "kms:Get*"),
}


@lru_cache(maxsize=256)
def _document(service: str) -> Document:
    actions = [*_EVERY_SERVICE, *_ACTIONS.get(service, ())]
    return parse_document(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": actions, "Resource": "*"},
        },
        kind="identity",
    )


def as_service_linked(
    service: str, account: str, action: str
) -> tuple[Principal, PolicyInForce] | None:
    """Return the service's session in an account and its policy, where that policy allows the
    action; None where the service has to be let in by a resource policy."""
    name = service.removesuffix(".amazonaws.com").title().replace("-", "").replace(".", "")
    role = f"AWSServiceRoleFor{name}"
    principal = Principal(
        kind="session",
        arn=f"arn:aws:sts::{account}:assumed-role/{role}/{name}",
        account=account,
        role_arn=f"arn:aws:iam::{account}:role/aws-service-role/{service}/{role}",
        session_name=name,
    )
    policy = PolicyInForce(_document(service), f"{role}Policy", f"role/{role}")
    asked = Request(principal, action, "*", account)
    return (principal, policy) if authorize(asked, Policies((policy,))).allowed else None
