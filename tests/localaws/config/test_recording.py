"""What is recorded, how often, and what rules see of it."""

import json

from config_accounts import eventually, found, managed, record

from landrail.localaws.services.config.recorders import Recorders
from landrail.localaws.store import Tables

VERSIONED = "s3-bucket-versioning-enabled"
DAILY = {
    "recordingFrequency": "CONTINUOUS",
    "recordingModeOverrides": [
        {"resourceTypes": ["AWS::S3::Bucket"], "recordingFrequency": "DAILY"}
    ],
}


def make(client, name, **more):
    place = {"LocationConstraint": "eu-west-1"}
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place, **more)


def test_a_type_that_is_recorded_daily_is_seen_by_day_or_when_asked(recorded, unique):
    _, client = recorded("daily", mode=DAILY)
    config, first, second = client("config"), unique("first"), unique("second")
    make(client, first)
    config.put_config_rule(ConfigRule=managed("S3_BUCKET_VERSIONING_ENABLED"))
    config.put_config_rule(ConfigRule=managed("SNS_ENCRYPTED_KMS"))
    eventually(lambda: found(config, VERSIONED), {first: "NON_COMPLIANT"})
    make(client, second)
    client("s3").put_bucket_versioning(Bucket=first, VersioningConfiguration={"Status": "Enabled"})
    topic = client("sns").create_topic(Name="later")["TopicArn"]
    # What is recorded at once came later and was seen, so the buckets were passed over.
    eventually(lambda: found(config, "sns-encrypted-kms"), {topic: "NON_COMPLIANT"})
    assert found(config, VERSIONED) == {first: "NON_COMPLIANT"}
    config.start_config_rules_evaluation(ConfigRuleNames=[VERSIONED])
    eventually(lambda: found(config, VERSIONED), {first: "COMPLIANT", second: "NON_COMPLIANT"})


def test_a_type_that_is_left_out_is_not_evaluated_until_it_is_recorded(recorded, unique):
    group = {
        "allSupported": False,
        "exclusionByResourceTypes": {"resourceTypes": ["AWS::S3::Bucket"]},
        "recordingStrategy": {"useOnly": "EXCLUSION_BY_RESOURCE_TYPES"},
    }
    number, client = recorded("without-buckets", group)
    config, bucket = client("config"), unique("bucket")
    make(client, bucket)
    config.put_config_rule(ConfigRule=managed("S3_BUCKET_VERSIONING_ENABLED"))
    config.put_config_rule(ConfigRule=managed("SNS_ENCRYPTED_KMS"))
    topic = client("sns").create_topic(Name="seen")["TopicArn"]
    eventually(lambda: found(config, "sns-encrypted-kms"), {topic: "NON_COMPLIANT"})
    assert found(config, VERSIONED) == {}
    told = config.list_discovered_resources(resourceType="AWS::S3::Bucket")
    assert told["resourceIdentifiers"] == []
    record(config, number)
    eventually(lambda: found(config, VERSIONED), {bucket: "NON_COMPLIANT"})


def test_only_named_types_are_recorded(recorded):
    group = {
        "allSupported": False,
        "resourceTypes": ["AWS::SNS::Topic"],
        "recordingStrategy": {"useOnly": "INCLUSION_BY_RESOURCE_TYPES"},
    }
    _, client = recorded("only-topics", group)
    config = client("config")
    client("sns").create_topic(Name="one")
    client("sqs").create_queue(QueueName="one")
    eventually(
        lambda: config.get_discovered_resource_counts()["resourceCounts"],
        [
            {"resourceType": "AWS::Config::ConfigurationRecorder", "count": 1},
            {"resourceType": "AWS::SNS::Topic", "count": 1},
        ],
    )


def test_a_scope_by_tag_or_id_leaves_out_the_others(recorded, unique):
    _, client = recorded("scoped")
    config, one, other = client("config"), unique("one"), unique("other")
    make(client, one)
    make(client, other)
    tag = {"TagSet": [{"Key": "watch", "Value": "yes"}]}
    client("s3").put_bucket_tagging(Bucket=other, Tagging=tag)
    by_id = {"ComplianceResourceTypes": ["AWS::S3::Bucket"], "ComplianceResourceId": one}
    for name, scope in (
        ("by-id", by_id),
        ("by-key", {"TagKey": "watch"}),
        ("by-tag", {"TagKey": "watch", "TagValue": "yes"}),
        ("by-other-tag", {"TagKey": "watch", "TagValue": "no"}),
    ):
        rule = managed("S3_BUCKET_VERSIONING_ENABLED", name, Scope=scope)
        config.put_config_rule(ConfigRule=rule)
    eventually(lambda: found(config, "by-id"), {one: "NON_COMPLIANT"})
    eventually(lambda: found(config, "by-key"), {other: "NON_COMPLIANT"})
    eventually(lambda: found(config, "by-tag"), {other: "NON_COMPLIANT"})
    assert found(config, "by-other-tag") == {}
    client("s3").delete_bucket_tagging(Bucket=other)
    eventually(lambda: found(config, "by-key"), {})


def test_parameters_change_what_a_rule_finds(recorded, unique):
    _, client = recorded("with-parameters")
    config, bucket = client("config"), unique("bucket")
    make(client, bucket)
    client("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    rule = managed("S3_BUCKET_VERSIONING_ENABLED")
    config.put_config_rule(ConfigRule=rule)
    eventually(lambda: found(config, VERSIONED), {bucket: "COMPLIANT"})
    given = '{"isMfaDeleteEnabled": "true"}'
    config.put_config_rule(ConfigRule={**rule, "InputParameters": given})
    eventually(lambda: found(config, VERSIONED), {bucket: "NON_COMPLIANT"})


def test_a_policy_rule_follows_what_is_recorded(recorded, unique):
    _, client = recorded("with-policies")
    config, bucket = client("config"), unique("trips")
    make(client, bucket)
    text = """
    rule owned when resourceType == "AWS::S3::Bucket" { tags.owner exists <<nobody owns it>> }
    """
    rule = {
        "ConfigRuleName": "owned",
        "Scope": {"ComplianceResourceTypes": ["AWS::S3::Bucket", "AWS::SNS::Topic"]},
        "Source": {
            "Owner": "CUSTOM_POLICY",
            "CustomPolicyDetails": {"PolicyRuntime": "guard-2.x.x", "PolicyText": text},
            "SourceDetails": [
                {
                    "EventSource": "aws.config",
                    "MessageType": "ConfigurationItemChangeNotification",
                }
            ],
        },
    }
    client("sns").create_topic(Name="not-asked")
    config.put_config_rule(ConfigRule=rule)
    eventually(lambda: found(config, "owned"), {bucket: "NON_COMPLIANT"})
    (told,) = config.get_compliance_details_by_config_rule(ConfigRuleName="owned")[
        "EvaluationResults"
    ]
    assert told["Annotation"] == "nobody owns it"
    tags = {"TagSet": [{"Key": "owner", "Value": "ana"}]}
    client("s3").put_bucket_tagging(Bucket=bucket, Tagging=tags)
    eventually(lambda: found(config, "owned"), {bucket: "COMPLIANT"})
    client("s3").delete_bucket(Bucket=bucket)
    eventually(lambda: found(config, "owned"), {})


def test_what_a_recorder_sees_is_there_as_soon_as_it_is_on(recorded):
    """Whoever asked before it was on had no answer that is kept."""
    number, client = recorded("asked-early")
    config, iam = client("config"), client("iam")
    asked = {"resourceTypes": ["AWS::IAM::Role"]}
    for times in range(3):
        config.stop_configuration_recorder(ConfigurationRecorderName="default")
        config.delete_configuration_recorder(ConfigurationRecorderName="default")
        trust = {"Effect": "Allow", "Principal": {"AWS": number}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": trust})
        iam.create_role(RoleName=f"role-{times}", AssumeRolePolicyDocument=document)
        group = {"allSupported": True, "includeGlobalResourceTypes": True}
        recorder = {"name": "default", "recordingGroup": group}
        role = f"arn:aws:iam::{number}:role/recorder"
        config.put_configuration_recorder(ConfigurationRecorder={**recorder, "roleARN": role})
        before = config.get_discovered_resource_counts(**asked)["totalDiscoveredResources"]
        config.start_configuration_recorder(ConfigurationRecorderName="default")
        config.list_discovered_resources(resourceType="AWS::IAM::Role")
        after = config.get_discovered_resource_counts(**asked)["totalDiscoveredResources"]
        assert after > times
        assert after >= before


class SwitchedMeanwhile:
    """Stands for the platform: the recorder is switched on while it is asked about."""

    def __init__(self):
        self.on, self.switched = False, lambda: None

    def call(self, _caller, _service, operation, _params, **_where):
        if operation == "DescribeConfigurationRecorderStatus":
            told = {"ConfigurationRecordersStatus": [{"name": "one", "recording": self.on}]}
            self.on = True
            self.switched()
            return told
        group = {"allSupported": True}
        return {"ConfigurationRecorders": [{"name": "one", "recordingGroup": group}]}


def test_what_was_read_while_it_changed_is_not_kept(tmp_path):
    tables, platform, place = Tables(tmp_path / "tables.db"), SwitchedMeanwhile(), ("1", "here")
    try:
        tables.table("config.recorders").put(*place, value={})
        recorders = Recorders(platform, tables)
        platform.switched = lambda: recorders.forget(place)
        assert not recorders.of(place).on
        platform.switched = lambda: None
        assert recorders.of(place).on
    finally:
        tables.close()
