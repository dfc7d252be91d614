"""Rules of S3 buckets. Source of what each asks: AWS Config, "List of AWS Config managed rules"."""

from __future__ import annotations

from landrail.rules.rule import Rule

RULES = (
    Rule(
        name="s3-bucket-public-read-prohibited",
        identifier="S3_BUCKET_PUBLIC_READ_PROHIBITED",
        table="s3_buckets",
        wrong="(acl_public_read AND NOT ignores_public_acls)"
        " OR (policy_public_read AND NOT restricts_public_policy)",
        says="everybody may read the bucket",
        triggers=("change", "periodic"),
    ),
    Rule(
        name="s3-bucket-public-write-prohibited",
        identifier="S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
        table="s3_buckets",
        wrong="(acl_public_write AND NOT ignores_public_acls)"
        " OR (policy_public_write AND NOT restricts_public_policy)",
        says="everybody may write to the bucket",
        triggers=("change", "periodic"),
    ),
    Rule(
        name="s3-bucket-versioning-enabled",
        identifier="S3_BUCKET_VERSIONING_ENABLED",
        table="s3_buckets",
        wrong="versioning <> 'Enabled' OR versioning IS NULL"
        " OR (:isMfaDeleteEnabled = 'true' AND NOT mfa_delete)",
        says="the bucket does not keep versions",
        parameters={"isMfaDeleteEnabled": "false"},
    ),
    Rule(
        name="s3-default-encryption-kms",
        identifier="S3_DEFAULT_ENCRYPTION_KMS",
        table="s3_buckets",
        wrong="encryption IS NULL OR encryption NOT IN ('aws:kms', 'aws:kms:dsse')"
        " OR (:kmsKeyArns <> '' AND strpos(:kmsKeyArns, kms_key) = 0)",
        says="the bucket is not encrypted by a KMS key",
        parameters={"kmsKeyArns": ""},
    ),
)
