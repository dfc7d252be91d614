"""What AWS's services may do in an account by themselves, as their service-linked roles.

On AWS each such role carries a policy of AWS's that nobody can change. The local services act so
only for what is listed here; everything else they do under a role they were given.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from landrail.inventory.catalogue import tables
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
        "organizations:DescribeOrganization",
        "organizations:ListAccounts",
        *sorted({action for table in tables().values() for action in table.reads}),
    ),
    "codepipeline.amazonaws.com": (
        "codeconnections:GetConnection",
        "codestar-connections:GetConnection",
    ),
    "cloudtrail.amazonaws.com": ("organizations:Describe*", "organizations:List*"),
    "sso.amazonaws.com": (
        "iam:*Role*",
        "iam:GetPolicy",
        "iam:*SAMLProvider*",
        "organizations:Describe*",
        "organizations:List*",
    ),
    "controltower.amazonaws.com": (
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "organizations:AttachPolicy",
        "organizations:CreateOrganizationalUnit",
        "organizations:CreatePolicy",
        "organizations:DeletePolicy",
        "organizations:Describe*",
        "organizations:DetachPolicy",
        "organizations:EnableAWSServiceAccess",
        "organizations:EnablePolicyType",
        "organizations:List*",
        "organizations:MoveAccount",
        "organizations:UpdatePolicy",
    ),
    "sagemaker.amazonaws.com": ("cloudwatch:PutMetricData",),
    "application-autoscaling.amazonaws.com": ("sagemaker:DescribeEndpoint",),
    "access-analyzer.amazonaws.com": ("iam:Get*", "iam:List*", "s3:GetBucket*", "kms:Get*"),
}

_NAMES = {"controltower.amazonaws.com": "AWSControlTower"}
"""What stands in the names of the roles where it is not the service's."""


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
    name = _NAMES.get(service, name)
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
