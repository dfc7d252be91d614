"""Customer-managed keys, one for each purpose: rotation, an alias, a policy of exact principals.

The account itself is not named in any key policy, so no identity policy opens a key: not that of
an administrator and not that of the root user. Roles are named by a condition on their ARN and not
as principals: a key outlives the stacks of its account, and a principal becomes an id of nobody
when its role is deleted, even where one of the same name comes back.
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.compiler.parts.templates import Resources, ref, resource
from landrail.compiler.statements import Condition, Statement, allow, document, role_arn
from landrail.resources import account_id
from landrail.spec import Platform

USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
OUTPUT = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*")
"""What S3 and SageMaker ask of whose jobs write with a key."""
READ = ("kms:Decrypt", "kms:DescribeKey")
WRITE = "kms:GenerateDataKey"
"""What S3 asks, beside reading, of who writes objects."""
_CONFIG = "aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
"""Config records and evaluates keys by the recorder's role and its service-linked one."""
_ADMINISTER = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:Describe*",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:Get*",
    "kms:List*",
    "kms:PutKeyPolicy",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)


def key(
    platform: Platform,
    account: str,
    alias: str,
    description: str,
    uses: Sequence[Statement],
    *,
    logical: str = "Key",
) -> Resources:
    """Return a key and its alias; `uses` say who may use it, beside those who administer it."""
    policy = document(*_administration(platform, account), *uses)
    made = resource(
        "AWS::KMS::Key",
        {
            "Description": description,
            "EnableKeyRotation": True,
            "KeyPolicy": policy,
            "PendingWindowInDays": 30,
        },
        retain=True,
    )
    alias_made = resource(
        "AWS::KMS::Alias", {"AliasName": f"alias/{alias}", "TargetKeyId": ref(logical)}
    )
    return {logical: made, f"{logical}Alias": alias_made}


def _administration(platform: Platform, account: str) -> list[Statement]:
    makers = [role_arn(account, "platform")]
    if platform.break_glass:
        makers.append(role_arn(account, "break-glass"))
    made = [for_roles("Administer", makers, _ADMINISTER)]
    looking = ["reader", "auditor"] if platform.auditors else ["reader"]
    looks = ("kms:Describe*", "kms:Get*", "kms:List*")
    lookers = [role_arn(account, name) for name in (*looking, "config-recorder")]
    linked = f"arn:aws:iam::{account_id(account)}:role/{_CONFIG}"
    return [*made, for_roles("Audit", [*lookers, linked], looks)]


def for_roles(
    sid: str, arns: Sequence[str], actions: Sequence[str] | str, condition: Condition | None = None
) -> Statement:
    """Return what roles may do with a key, by their ARNs, whenever they were made."""
    named = {**(condition or {}), "ArnEquals": {"aws:PrincipalArn": list(arns)}}
    return allow(actions, "*", named, sid=sid, principal={"AWS": "*"})


def used_by(
    sid: str, arns: Sequence[str], via: Sequence[str], actions: Sequence[str] | str = USE
) -> Statement:
    """Return the use of a key by roles, through these services only (`s3.eu-west-1...`)."""
    return for_roles(sid, arns, actions, {"StringEquals": {"kms:ViaService": list(via)}})


def granted_by(sid: str, arns: Sequence[str]) -> Statement:
    """Return the right to let AWS services use a key for their own resources, such as volumes."""
    for_aws = {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    return for_roles(sid, arns, "kms:CreateGrant", for_aws)


def via(service: str, region: str) -> str:
    """Return the value of `kms:ViaService` for a service of the region."""
    return f"{service}.{region}.amazonaws.com"
