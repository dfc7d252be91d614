"""Rules of data services: databases, warehouses, logs, secrets, Glue, Athena, EMR, Lake Formation.
Source of what each asks: AWS Config, "List of AWS Config managed rules"; those without an
identifier are this project's own."""

from __future__ import annotations

from landrail.rules.guard import guard
from landrail.rules.rule import Rule, managed

RULES = (
    managed(
        "RDS_STORAGE_ENCRYPTED",
        table="rds_instances",
        wrong="NOT encrypted OR (:kmsKeyId <> '' AND (kms_key IS NULL OR (kms_key <> :kmsKeyId"
        " AND kms_key NOT LIKE CONCAT('%:key/', :kmsKeyId))))",
        says="the database is not encrypted, or not by the key that is asked for",
        parameters={"kmsKeyId": ""},
    ),
    managed(
        "RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
        table="rds_instances",
        wrong="public",
        says="the database can be reached from the internet",
    ),
    managed(
        "REDSHIFT_CLUSTER_PUBLIC_ACCESS_CHECK",
        table="redshift_clusters",
        wrong="public",
        says="the cluster can be reached from the internet",
    ),
    managed(
        "EMR_MASTER_NO_PUBLIC_IP",
        table="emr_clusters",
        wrong="primary_public_ip",
        says="a primary node of the cluster has a public address",
        triggers=("periodic",),
    ),
    managed(
        "GLUE_JOB_LOGGING_ENABLED",
        table="glue_jobs",
        wrong="NOT logs",
        says="the job does not log",
    ),
    managed(
        "ATHENA_WORKGROUP_ENCRYPTED_AT_REST",
        table="athena_workgroups",
        wrong="encryption IS NULL",
        says="results of the workgroup are not encrypted",
    ),
    managed(
        "SECRETSMANAGER_ROTATION_ENABLED_CHECK",
        table="secretsmanager_secrets",
        wrong="NOT rotates OR (:maximumAllowedRotationFrequency <> '' AND (rotation_hours IS NULL"
        " OR rotation_hours > 24 * CAST(:maximumAllowedRotationFrequency AS BIGINT)))"
        " OR (:maximumAllowedRotationFrequencyInHours <> '' AND (rotation_hours IS NULL"
        " OR rotation_hours > CAST(:maximumAllowedRotationFrequencyInHours AS BIGINT)))",
        says="the secret is not rotated, or not as often as it should be",
        parameters={
            "maximumAllowedRotationFrequency": "",
            "maximumAllowedRotationFrequencyInHours": "",
        },
    ),
    managed(
        "SECRETSMANAGER_USING_CMK",
        table="secretsmanager_secrets",
        wrong="NOT customer_key"
        " OR (:kmsKeyArns <> '' AND COALESCE(kms_key, '') NOT IN (:kmsKeyArns))",
        says="the secret is not encrypted by a KMS key of the customer's",
        parameters={"kmsKeyArns": ""},
    ),
    managed(
        "SNS_ENCRYPTED_KMS",
        table="sns_topics",
        wrong="kms_key IS NULL OR (:kmsKeyIds <> '' AND kms_key NOT IN (:kmsKeyIds))",
        says="the topic has no KMS key",
        parameters={"kmsKeyIds": ""},
    ),
    Rule(
        name="sqs-queue-encrypted",
        table="sqs_queues",
        wrong="NOT encrypted",
        says="the queue's messages are not encrypted",
        guard=guard(
            "encrypted",
            "AWS::SQS::Queue",
            "configuration.KmsMasterKeyId exists or"
            ' configuration.SqsManagedSseEnabled in ["true", true]',
        ),
    ),
    managed(
        "CLOUDWATCH_LOG_GROUP_ENCRYPTED",
        table="log_groups",
        wrong="kms_key IS NULL OR (:KmsKeyId <> '' AND kms_key <> :KmsKeyId"
        " AND kms_key NOT LIKE CONCAT('%:key/', :KmsKeyId))",
        says="the log group has no KMS key, or not the one that is asked for",
        parameters={"KmsKeyId": ""},
        triggers=("periodic",),
    ),
    managed(
        "CW_LOGGROUP_RETENTION_PERIOD_CHECK",
        table="log_groups",
        applies=":LogGroupNames = '' OR resource_name IN (:LogGroupNames)",
        wrong="retention_days IS NOT NULL AND retention_days < CAST(:MinRetentionTime AS BIGINT)",
        says="the log group does not keep logs as long as it should",
        parameters={"LogGroupNames": "", "MinRetentionTime": "365"},
        triggers=("periodic",),
    ),
    Rule(
        name="lakeformation-no-iam-allowed-principals",
        table="lakeformation_permissions",
        wrong="everybody",
        says="what is granted is granted to everybody whom IAM lets in",
    ),
    Rule(
        name="lakeformation-open-outside",
        table="lakeformation_permissions",
        wrong="stranger",
        says="somebody from outside the organization is granted something",
    ),
    Rule(
        name="lakeformation-defaults-closed",
        table="accounts_lakeformation",
        wrong="databases_for_everybody OR tables_for_everybody",
        says="new databases or tables are open to everybody whom IAM lets in",
    ),
)
