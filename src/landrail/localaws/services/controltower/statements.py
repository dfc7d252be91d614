"""The statements of the mandatory preventive controls: what keeps Control Tower's own things.

Which of them an OU carries follows from what Control Tower deploys in its accounts. Source: AWS
Control Tower Controls Reference Guide, "Mandatory controls".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.services.controltower.manifest import Manifest

Statement = Mapping[str, Any]
EXECUTION_ROLES = "arn:aws:iam::*:role/AWSControlTowerExecution"
_MARK = "aws-control-tower"
_NAMED = "aws-controltower-*"


def mandatory(zone: Manifest, *, security: bool) -> Iterator[Statement]:
    """Yield the statements for an OU that is registered, or for that of the shared accounts."""
    yield _deny(
        "GRIAMROLEPOLICY",
        [
            "iam:AttachRolePolicy",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:DeleteRolePermissionsBoundary",
            "iam:DeleteRolePolicy",
            "iam:DetachRolePolicy",
            "iam:PutRolePermissionsBoundary",
            "iam:PutRolePolicy",
            "iam:UpdateAssumeRolePolicy",
            "iam:UpdateRole",
            "iam:UpdateRoleDescription",
        ],
        [f"arn:aws:iam::*:role/{_NAMED}", "arn:aws:iam::*:role/*AWSControlTower*"],
    )
    if zone.logging:
        yield _deny(
            "GRCLOUDTRAILENABLED",
            [
                "cloudtrail:DeleteTrail",
                "cloudtrail:PutEventSelectors",
                "cloudtrail:StopLogging",
                "cloudtrail:UpdateTrail",
            ],
            [f"arn:aws:cloudtrail:*:*:trail/{_NAMED}"],
        )
    if zone.config:
        yield from _recording()
    if security and (zone.logging or zone.config):
        yield _deny(
            "GRAUDITBUCKETDELETIONPROHIBITED",
            ["s3:DeleteBucket"],
            ["arn:aws:s3:::aws-controltower*"],
        )
        yield _deny(
            "GRAUDITBUCKETPOLICYCHANGESPROHIBITED",
            [
                "s3:PutBucketLogging",
                "s3:PutBucketPolicy",
                "s3:DeleteBucketPolicy",
                "s3:PutEncryptionConfiguration",
                "s3:PutLifecycleConfiguration",
            ],
            ["arn:aws:s3:::aws-controltower*"],
        )


def _recording() -> Iterator[Statement]:
    yield _deny(
        "GRCONFIGENABLED",
        [
            "config:DeleteConfigurationRecorder",
            "config:DeleteDeliveryChannel",
            "config:DeleteRetentionConfiguration",
            "config:PutConfigurationRecorder",
            "config:PutDeliveryChannel",
            "config:PutRetentionConfiguration",
            "config:StopConfigurationRecorder",
        ],
        ["*"],
    )
    yield _deny(
        "GRCONFIGRULEPOLICY",
        [
            "config:PutConfigRule",
            "config:DeleteConfigRule",
            "config:DeleteEvaluationResults",
            "config:DeleteConfigurationAggregator",
            "config:PutConfigurationAggregator",
        ],
        ["*"],
        {"StringEquals": {f"aws:ResourceTag/{_MARK}": "managed-by-control-tower"}},
    )
    yield _deny(
        "GRCONFIGRULETAGSPOLICY",
        ["config:TagResource", "config:UntagResource"],
        ["*"],
        {"ForAllValues:StringEquals": {"aws:TagKeys": _MARK}, "Null": {"aws:TagKeys": "false"}},
    )
    yield _deny(
        "GRCONFIGAGGREGATIONAUTHORIZATIONPOLICY",
        ["config:DeleteAggregationAuthorization"],
        ["arn:aws:config:*:*:aggregation-authorization*"],
        {"StringLike": {f"aws:ResourceTag/{_MARK}": "managed-by-control-tower"}},
    )


def _deny(
    sid: str,
    actions: list[str],
    resources: list[str],
    when: Mapping[str, Mapping[str, Any]] | None = None,
) -> Statement:
    condition = {"ArnNotLike": {"aws:PrincipalArn": EXECUTION_ROLES}, **(when or {})}
    return {
        "Sid": sid,
        "Effect": "Deny",
        "Action": actions,
        "Resource": resources,
        "Condition": condition,
    }
