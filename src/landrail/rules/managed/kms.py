"""Rules of KMS keys. Source of what each asks: AWS Config, "List of AWS Config managed rules";
those without an identifier are this project's own."""

from __future__ import annotations

from landrail.rules.rule import Rule, managed

_CUSTOMERS = "manager = 'CUSTOMER'"

RULES = (
    managed(
        "CMK_BACKING_KEY_ROTATION_ENABLED",
        table="kms_keys",
        # What cannot rotate by itself, and a key that is about to go, are not asked to.
        applies=f"{_CUSTOMERS} AND spec = 'SYMMETRIC_DEFAULT' AND origin = 'AWS_KMS'"
        " AND state NOT IN ('PendingDeletion', 'PendingReplicaDeletion')",
        wrong="NOT rotation",
        says="the key does not rotate",
        triggers=("periodic",),
    ),
    managed(
        "KMS_CMK_NOT_SCHEDULED_FOR_DELETION",
        table="kms_keys",
        applies=f"{_CUSTOMERS} AND (:kmsKeyIds = '' OR resource_id IN (:kmsKeyIds)"
        " OR arn IN (:kmsKeyIds))",
        wrong="state IN ('PendingDeletion', 'PendingReplicaDeletion')",
        says="the key is about to be deleted",
        parameters={"kmsKeyIds": ""},
        triggers=("periodic",),
    ),
    managed(
        "KMS_KEY_POLICY_NO_PUBLIC_ACCESS",
        table="kms_keys",
        applies=_CUSTOMERS,
        wrong="policy_public",
        says="the key's policy lets everybody in",
    ),
    Rule(
        name="kms-key-open-outside",
        table="kms_keys",
        applies=_CUSTOMERS,
        wrong="outsiders <> ','",
        says="the key's policy lets in somebody from outside the organization",
    ),
    Rule(
        name="kms-key-material-of-aws",
        table="kms_keys",
        applies=_CUSTOMERS,
        wrong="origin IN ('EXTERNAL', 'EXTERNAL_KEY_STORE')",
        says="the key's material was brought in from elsewhere",
    ),
)
