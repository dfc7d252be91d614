"""Buckets: encrypted with a key of the platform, versioned, never public, TLS only, no ACLs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landrail.compiler.parts.templates import Resources, arn_of, ref, resource
from landrail.compiler.statements import Statement, deny, document, role_arn
from landrail.spec import Platform

WRITE = ("s3:AbortMultipartUpload", "s3:PutObject")
READ = ("s3:GetObject", "s3:GetObjectVersion")
LIST = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketVersions")


def bucket(
    name: str,
    statements: Sequence[Statement],
    *,
    key: str = "Key",
    logical: str = "Bucket",
    locked_days: int | None = None,
    keep_noncurrent_days: int | None = 365,
) -> Resources:
    """Return a bucket and its policy; `key` is the logical id of its key in the same template,
    `locked_days` a retention that nobody can shorten."""
    properties: dict[str, Any] = {
        "BucketName": name,
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [
                {
                    "BucketKeyEnabled": True,
                    "ServerSideEncryptionByDefault": {
                        "SSEAlgorithm": "aws:kms",
                        "KMSMasterKeyID": arn_of(key),
                    },
                }
            ]
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "VersioningConfiguration": {"Status": "Enabled"},
    }
    if locked_days:
        properties["ObjectLockEnabled"] = True
        properties["ObjectLockConfiguration"] = {
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": locked_days}},
        }
        properties["LifecycleConfiguration"] = _lifecycle("abort-uploads")
    elif keep_noncurrent_days:
        properties["LifecycleConfiguration"] = _lifecycle(
            "expire-noncurrent",
            NoncurrentVersionExpiration={"NoncurrentDays": keep_noncurrent_days},
        )
    policy = {
        "Bucket": ref(logical),
        "PolicyDocument": document(*_refusals(name), *statements),
    }
    return {
        logical: resource("AWS::S3::Bucket", properties, retain=True),
        f"{logical}Policy": resource("AWS::S3::BucketPolicy", policy),
    }


def arn(name: str, objects: str | None = None) -> str:
    """Return the ARN of a bucket, or of the objects in it that match."""
    return f"arn:aws:s3:::{name}" if objects is None else f"arn:aws:s3:::{name}/{objects}"


def refuse_other_writers(
    platform: Platform,
    account: str,
    name: str,
    writers: Sequence[str],
    *,
    objects: str = "*",
    of: str = "",
) -> Statement:
    """Return the Deny of writing for all but these roles, the platform's and break-glass; it holds
    against whoever has S3 by an identity policy of the same account. `objects` narrows it, `of`
    says to what."""
    keepers = [*writers, role_arn(account, "platform")]
    if platform.break_glass:
        keepers.append(role_arn(account, "break-glass"))
    return deny(
        ("s3:DeleteObject*", "s3:PutObject*"),
        arn(name, objects),
        {"ArnNotEquals": {"aws:PrincipalArn": keepers}},
        sid=f"RefuseOtherWriters{of}",
        principal="*",
    )


def _lifecycle(name: str, **more: Any) -> dict[str, Any]:
    """Parts of uploads that nobody ended are seen in no list of objects, and paid for."""
    rule = {"Id": name, "Status": "Enabled", **more}
    return {"Rules": [{**rule, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}


def _refusals(name: str) -> list[Statement]:
    both = (arn(name), arn(name, "*"))
    header = "s3:x-amz-server-side-encryption"
    return [
        deny(
            "s3:*",
            both,
            {"Bool": {"aws:SecureTransport": "false"}},
            sid="RefusePlainHttp",
            principal="*",
        ),
        deny(
            "s3:PutObject",
            arn(name, "*"),
            {"Null": {header: "false"}, "StringNotEquals": {header: "aws:kms"}},
            sid="RefuseOtherEncryption",
            principal="*",
        ),
    ]
