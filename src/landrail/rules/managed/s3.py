"""Rules of S3 buckets and access points. Source of what each asks: AWS Config, "List of AWS Config
managed rules"; those without an identifier are this project's own."""

from __future__ import annotations

from landrail.rules.alike import open_outside
from landrail.rules.guard import guard
from landrail.rules.rule import Rule, managed

_BLOCK_IS_OPEN = (
    "NOT block_public_acls OR NOT ignore_public_acls"
    " OR NOT block_public_policy OR NOT restrict_public_buckets"
)

RULES = (
    managed(
        "S3_BUCKET_PUBLIC_READ_PROHIBITED",
        table="s3_buckets",
        wrong="(acl_public_read AND NOT ignores_public_acls)"
        " OR (policy_public_read AND NOT restricts_public_policy)",
        says="the bucket's ACL or policy allows public read access",
        triggers=("change", "periodic"),
    ),
    managed(
        "S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
        table="s3_buckets",
        wrong="(acl_public_write AND NOT ignores_public_acls)"
        " OR (policy_public_write AND NOT restricts_public_policy)",
        says="the bucket's ACL or policy allows public write access",
        triggers=("change", "periodic"),
    ),
    managed(
        "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
        table="s3_buckets",
        wrong=f"resource_name NOT IN (:excludedPublicBuckets) AND ({_BLOCK_IS_OPEN})",
        says="the bucket has no complete public access block of its own",
        parameters={"excludedPublicBuckets": ""},
    ),
    managed(
        "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED",
        table="s3_buckets",
        wrong="encryption IS NULL AND NOT policy_demands_encryption",
        says="the bucket has no default encryption, and its policy does not demand it",
    ),
    managed(
        "S3_DEFAULT_ENCRYPTION_KMS",
        table="s3_buckets",
        wrong="encryption IS NULL OR encryption NOT IN ('aws:kms', 'aws:kms:dsse')"
        " OR (:kmsKeyArns <> '' AND COALESCE(kms_key, '') NOT IN (:kmsKeyArns))",
        says="the bucket is not encrypted by default with a KMS key",
        parameters={"kmsKeyArns": ""},
    ),
    Rule(
        name="s3-bucket-key-inside",
        table="s3_buckets",
        wrong="key_outside",
        says="the bucket is encrypted by default with a key from outside the organization",
    ),
    managed(
        "S3_BUCKET_VERSIONING_ENABLED",
        table="s3_buckets",
        wrong="versioning <> 'Enabled' OR versioning IS NULL"
        " OR (lower(:isMfaDeleteEnabled) = 'true' AND NOT mfa_delete)",
        says="the bucket does not keep versions, or not under MFA delete where that is asked for",
        parameters={"isMfaDeleteEnabled": ""},
    ),
    managed(
        "S3_BUCKET_SSL_REQUESTS_ONLY",
        table="s3_buckets",
        wrong="NOT policy_demands_tls",
        says="the bucket's policy does not deny requests without TLS",
    ),
    managed(
        "S3_BUCKET_LOGGING_ENABLED",
        table="s3_buckets",
        wrong="log_bucket IS NULL OR (:targetBucket <> '' AND log_bucket <> :targetBucket)"
        " OR (:targetPrefix <> '' AND COALESCE(log_prefix, '') <> :targetPrefix)",
        says="the bucket writes no access logs, or not where they belong",
        parameters={"targetBucket": "", "targetPrefix": ""},
    ),
    managed(
        "S3_BUCKET_ACL_PROHIBITED",
        table="s3_buckets",
        wrong="acl_grants_others",
        says="the bucket's ACL grants access to others than its owner",
    ),
    Rule(
        name="s3-bucket-owner-enforced",
        table="s3_buckets",
        wrong="acls_enabled",
        says="access control lists count in the bucket: each object may open itself",
    ),
    Rule(
        name="s3-bucket-no-website",
        table="s3_buckets",
        wrong="website",
        says="the bucket is a website",
        guard=guard(
            "no_website",
            "AWS::S3::Bucket",
            "supplementaryConfiguration.BucketWebsiteConfiguration.indexDocumentSuffix !exists",
            "supplementaryConfiguration.BucketWebsiteConfiguration.redirectAllRequestsTo !exists",
        ),
    ),
    managed(
        "S3_BUCKET_POLICY_GRANTEE_CHECK",
        table="s3_buckets",
        wrong="NOT ALL_AMONG(grantees, :awsPrincipals, :servicePrincipals, :federatedUsers,"
        " :ipAddresses, :vpcIds)",
        says="the bucket's policy grants access to somebody who is not on the list",
        parameters={
            "awsPrincipals": "",
            "servicePrincipals": "",
            "federatedUsers": "",
            "ipAddresses": "",
            "vpcIds": "",
        },
    ),
    managed(
        "S3_BUCKET_DEFAULT_LOCK_ENABLED",
        table="s3_buckets",
        wrong="NOT object_lock OR (:mode <> '' AND COALESCE(lock_mode, '') <> :mode)",
        says="the bucket has no Object Lock, or not in the mode that is asked for",
        parameters={"mode": ""},
    ),
    managed(
        "S3_BUCKET_REPLICATION_ENABLED",
        table="s3_buckets",
        wrong="NOT replication OR NOT HAS_ALL(replication_types, :ReplicationType)",
        says="the bucket is not replicated",
        parameters={"ReplicationType": ""},
    ),
    managed(
        "S3_EVENT_NOTIFICATIONS_ENABLED",
        table="s3_buckets",
        wrong="NOT notifies OR NOT HAS_ALL(notified, :destinationArn)"
        " OR NOT HAS_ALL(events, :eventTypes)",
        says="the bucket does not tell of its events, or not those asked for to whom is asked for",
        parameters={"destinationArn": "", "eventTypes": ""},
    ),
    managed(
        "S3_VERSION_LIFECYCLE_POLICY_CHECK",
        table="s3_buckets",
        applies="versioning = 'Enabled' AND (:bucketNames = '' OR resource_name IN (:bucketNames))",
        wrong="NOT lifecycle",
        says="the bucket keeps versions, and no lifecycle rule ever removes one",
        parameters={"bucketNames": ""},
    ),
    open_outside(
        "s3-bucket",
        "s3_buckets",
        "the bucket's policy lets in somebody from outside the organization",
    ),
    managed(
        "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
        table="accounts",
        wrong="(lower(:BlockPublicAcls) <> 'false' AND NOT block_public_acls)"
        " OR (lower(:IgnorePublicAcls) <> 'false' AND NOT ignore_public_acls)"
        " OR (lower(:BlockPublicPolicy) <> 'false' AND NOT block_public_policy)"
        " OR (lower(:RestrictPublicBuckets) <> 'false' AND NOT restrict_public_buckets)",
        says="the account's public access block is not complete",
        parameters={
            "BlockPublicAcls": "true",
            "IgnorePublicAcls": "true",
            "BlockPublicPolicy": "true",
            "RestrictPublicBuckets": "true",
        },
        triggers=("periodic",),
    ),
)
