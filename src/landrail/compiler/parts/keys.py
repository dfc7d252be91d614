"""Customer-managed keys, one for each purpose: rotation, an alias, a policy of exact principals.

The account itself is not named in any key policy, so no identity policy opens a key: not that of
an administrator and not that of the root user.
"""

from __future__ import annotations

from collections.abc import Sequence

from landrail.compiler.parts.templates import Resources, ref, resource
from landrail.compiler.statements import Statement, allow, aws, document, role_arn
from landrail.spec import Platform

USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")
READ = ("kms:Decrypt", "kms:DescribeKey")
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
    made = [allow(_ADMINISTER, "*", sid="Administer", principal=aws(makers))]
    if platform.auditors:
        auditor = aws([role_arn(account, "auditor")])
        looks = ("kms:Describe*", "kms:Get*", "kms:List*")
        made.append(allow(looks, "*", sid="Audit", principal=auditor))
    return made


def used_by(
    sid: str, arns: Sequence[str], via: Sequence[str], actions: Sequence[str] = USE
) -> Statement:
    """Return the use of a key by roles, through these services only (`s3.eu-west-1...`)."""
    return allow(
        actions, "*", {"StringEquals": {"kms:ViaService": list(via)}}, sid=sid, principal=aws(arns)
    )


def granted_by(sid: str, arns: Sequence[str]) -> Statement:
    """Return the right to let AWS services use a key for their own resources, such as volumes."""
    return allow(
        "kms:CreateGrant",
        "*",
        {"Bool": {"kms:GrantIsForAWSResource": "true"}},
        sid=sid,
        principal=aws(arns),
    )


def via(service: str, region: str) -> str:
    """Return the value of `kms:ViaService` for a service of the region."""
    return f"{service}.{region}.amazonaws.com"
