"""Rules of who watches: CloudTrail, Config, GuardDuty, Security Hub, Access Analyzer. Source of
what each asks: AWS Config, "List of AWS Config managed rules"; those without an identifier are this
project's own."""

from __future__ import annotations

from landrail.rules.rule import Rule, managed

_DELIVERY = {"s3BucketName": "", "snsTopicArn": "", "cloudWatchLogsLogGroupArn": ""}
_TO = ":s3BucketName|:snsTopicArn|:cloudWatchLogsLogGroupArn"

RULES = (
    managed(
        "CLOUD_TRAIL_ENABLED",
        table="accounts_cloudtrail",
        wrong=f"NOT HAS_ENTRY(trails, {_TO}||||)",
        says="no trail logs in the account, or none that delivers where it should",
        parameters=_DELIVERY,
        triggers=("periodic",),
    ),
    managed(
        "MULTI_REGION_CLOUD_TRAIL_ENABLED",
        table="accounts_cloudtrail",
        wrong=f"NOT HAS_ENTRY(trails, {_TO}|multi-region|:includeManagementEvents"
        "|:readWriteType|complete)",
        says="no trail logs all regions and all management events",
        parameters={**_DELIVERY, "includeManagementEvents": "", "readWriteType": ""},
        triggers=("periodic",),
    ),
    managed(
        "CLOUDTRAIL_S3_DATAEVENTS_ENABLED",
        table="accounts_cloudtrail",
        wrong="strpos(object_buckets, ',*,') = 0"
        " AND (:S3BucketNames = '' OR NOT HAS_ALL(object_buckets, :S3BucketNames))",
        says="no trail records what happens to objects",
        parameters={"S3BucketNames": ""},
        triggers=("periodic",),
    ),
    managed(
        "CLOUD_TRAIL_ENCRYPTION_ENABLED",
        table="cloudtrail_trails",
        wrong="kms_key IS NULL",
        says="the trail's files have no KMS key",
        triggers=("periodic",),
    ),
    managed(
        "CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED",
        table="cloudtrail_trails",
        wrong="NOT validates_files",
        says="no signed digests go with the trail's files",
        triggers=("periodic",),
    ),
    Rule(
        name="cloud-trail-logging",
        table="cloudtrail_trails",
        wrong="NOT logging",
        says="the trail does not log",
    ),
    Rule(
        name="config-recorder-on",
        table="accounts_config",
        wrong="NOT recording OR NOT delivery",
        says="Config does not record, or does not deliver what it records",
    ),
    Rule(
        name="config-recorder-all-types",
        table="accounts_config",
        applies="recorder",
        wrong="NOT all_types",
        says="Config does not record all types of resources",
    ),
    managed(
        "GUARDDUTY_ENABLED_CENTRALIZED",
        table="accounts_guardduty",
        wrong="NOT enabled OR (:CentralMonitoringAccount <> ''"
        " AND account_id <> :CentralMonitoringAccount"
        " AND COALESCE(administrator, '') <> :CentralMonitoringAccount)",
        says="GuardDuty is off, or its findings do not go to the central account",
        parameters={"CentralMonitoringAccount": ""},
        triggers=("periodic",),
    ),
    managed(
        "SECURITYHUB_ENABLED",
        table="accounts_securityhub",
        wrong="NOT enabled",
        says="Security Hub is off",
        triggers=("periodic",),
    ),
    managed(
        "IAM_EXTERNAL_ACCESS_ANALYZER_ENABLED",
        table="accounts_access_analyzer",
        wrong="NOT external",
        says="no active analyzer looks for access from outside",
        triggers=("periodic",),
    ),
)
