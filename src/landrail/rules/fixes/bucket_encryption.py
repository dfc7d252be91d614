"""Fix: a bucket encrypts new objects by KMS. Objects that are there stay as they are.

Without a key that the file asks for, it is AWS's own key of the account, which nobody outside the
account can use: a bucket that others read is left to a person.
"""

from __future__ import annotations

from typing import Any

from landrail.inventory import Ask
from landrail.inventory.ask import or_none
from landrail.inventory.policies import parsed
from landrail.policy.document import PrincipalEntry
from landrail.rules.fix import Call, Fix, NotSafe, Subject


def _calls(ask: Ask, subject: Subject) -> tuple[Call, ...]:
    bucket = subject.resource_id
    asked = subject.parameters.get("kmsKeyArns", "").split(",")[0].strip()
    default: dict[str, Any] = {"SSEAlgorithm": "aws:kms"}
    if asked:
        default["KMSMasterKeyID"] = asked
    elif _read_by_others(ask, bucket, subject.account_id):
        raise NotSafe("others read the bucket, and could not use the account's own key: choose one")
    rule = {"ApplyServerSideEncryptionByDefault": default, "BucketKeyEnabled": True}
    configuration = {"Rules": [rule]}
    return (
        Call(
            "s3",
            "PutBucketEncryption",
            {"Bucket": bucket, "ServerSideEncryptionConfiguration": configuration},
        ),
    )


def _read_by_others(ask: Ask, bucket: str, account: str) -> bool:
    """Whether the bucket's policy allows something to somebody who may be of another account."""
    found = or_none(ask, "NoSuchBucketPolicy", "s3", "GetBucketPolicy", Bucket=bucket)
    document = parsed(found["Policy"]) if found else None
    if found and document is None:
        return True
    return any(
        statement.not_principal or any(_is_other(e, account) for e in statement.principals or ())
        for statement in (document.statements if document else ())
        if statement.effect == "Allow"
    )


def _is_other(entry: PrincipalEntry, account: str) -> bool:
    return entry.type != "Service" and account not in entry.value.split(":")


FIX = Fix(
    rules=("s3-default-encryption-kms", "s3-bucket-server-side-encryption-enabled"),
    says="encrypt new objects by KMS",
    calls=_calls,
    actions=("s3:PutEncryptionConfiguration",),
)
