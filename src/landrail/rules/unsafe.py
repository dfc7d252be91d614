"""Why what some rules find is put right by a person: each reason with the rules that it is for.

The words are for people who see a finding and no fix. What is not here has no fix that is known.
"""

from __future__ import annotations

_POLICY = "which part of a policy somebody's work needs is not for a program to say"
_SHARED = "somebody outside may rely on it: ask the owner, then take it back"
_KEY = "a key that is changed or removed stops whoever uses it: hand over first"
_MADE_SO = "it is set when the resource is made: make it anew"
_NETWORK = "traffic that somebody's work needs may pass there"

_REASONS: dict[str, tuple[str, ...]] = {
    _POLICY: (
        "ecr-repository-open-outside",
        "iam-policy-no-statements-with-admin-access",
        "iam-policy-no-statements-with-full-access",
        "iam-policy-passes-any-role",
        "iam-role-administrator",
        "iam-role-widest-policy",
        "iam-role-open-outside",
        "kms-key-open-outside",
        "kms-key-policy-no-public-access",
        "lambda-function-open-outside",
        "lambda-function-public-access-prohibited",
        "s3-access-point-open-outside",
        "s3-access-point-public",
        "s3-bucket-open-outside",
        "s3-bucket-policy-grantee-check",
        "s3-bucket-ssl-requests-only",
        "secretsmanager-secret-open-outside",
        "sns-topic-no-public-access",
        "sns-topic-open-outside",
        "sqs-queue-no-public-access",
        "sqs-queue-open-outside",
    ),
    _SHARED: (
        "ebs-snapshot-open-outside",
        "ec2-image-open-outside",
        "lakeformation-open-outside",
        "rds-snapshot-open-outside",
        "s3-bucket-acl-prohibited",
        "s3-bucket-no-website",
        "s3-bucket-owner-enforced",
        "ssm-document-open-outside",
    ),
    _KEY: (
        "access-keys-rotated",
        "iam-root-access-key-check",
        "iam-user-access-key-exists",
        "iam-user-exists",
        "s3-bucket-key-inside",
        "sns-encrypted-kms",
    ),
    _MADE_SO: (
        "ecr-repository-cmk-encryption-enabled",
        "ec2-volume-detached-encrypted",
        "encrypted-volumes",
        "rds-storage-encrypted",
        "s3-access-point-in-vpc-only",
        "s3-access-point-public-access-blocks",
        "s3-bucket-default-lock-enabled",
        "sagemaker-domain-in-vpc",
        "sagemaker-model-isolation-enabled",
        "sagemaker-model-in-vpc",
        "sagemaker-notebook-instance-inside-vpc",
        "sagemaker-notebook-instance-kms-key-configured",
        "sagemaker-notebook-instance-storage-vol-kms-encrypted",
        "sagemaker-notebook-no-direct-internet-access",
    ),
    _NETWORK: (
        "incoming-ssh-disabled",
        "no-unrestricted-route-to-igw",
        "restricted-incoming-traffic",
        "security-group-open-to-world",
        "ec2-instance-no-public-ip",
    ),
    "programs that ask the old way would stop": ("ec2-imdsv2-check",),
    "whether the key should go is its owner's decision: `aws kms cancel-key-deletion` keeps it": (
        "kms-cmk-not-scheduled-for-deletion",
    ),
    "the secret is known to whoever could read it: change it, and keep the new one elsewhere": (
        "codebuild-project-envvar-awscred-check",
        "codebuild-project-envvar-secret-check",
        "codebuild-project-source-repo-url-check",
    ),
    "a lifecycle rule deletes: what may go is its owner's decision": (
        "ecr-private-lifecycle-policy-configured",
        "s3-version-lifecycle-policy-check",
    ),
    "only a person can set up a second factor": (
        "iam-user-mfa-enabled",
        "mfa-enabled-for-iam-console-access",
        "root-account-mfa-enabled",
    ),
}
UNKNOWN = "no fix is known that cannot lose data or stop work"
WHY = {rule: reason for reason, rules in _REASONS.items() for rule in rules}
