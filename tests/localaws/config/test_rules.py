"""The rules find a bucket on the change that breaks it, and again on the one that mends it."""

import time

import pytest
from botocore.exceptions import ClientError
from statements import allow, document

READ, WRITE = "S3_BUCKET_PUBLIC_READ_PROHIBITED", "S3_BUCKET_PUBLIC_WRITE_PROHIBITED"
ENCRYPTION = "S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED"
VERSIONING = "S3_BUCKET_VERSIONING_ENABLED"
BY_KEY = "S3_DEFAULT_ENCRYPTION_KMS"
BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def record(config, account):
    config.put_configuration_recorder(
        ConfigurationRecorder={
            "name": "default",
            "roleARN": f"arn:aws:iam::{account}:role/recorder",
            "recordingGroup": {"allSupported": True, "includeGlobalResourceTypes": True},
        }
    )
    config.put_delivery_channel(DeliveryChannel={"name": "default", "s3BucketName": "deliveries"})
    config.start_configuration_recorder(ConfigurationRecorderName="default")


@pytest.fixture(scope="module")
def account(local_aws):
    number = local_aws.account("watched")
    config = local_aws.client("config", local_aws.administrator(number))
    record(config, number)
    for name in (READ, WRITE, ENCRYPTION, VERSIONING, BY_KEY):
        config.put_config_rule(
            ConfigRule={
                "ConfigRuleName": name.lower(),
                "Source": {"Owner": "AWS", "SourceIdentifier": name},
                "Scope": {"ComplianceResourceTypes": ["AWS::S3::Bucket"]},
            }
        )
    return number


@pytest.fixture
def clients(local_aws, account):
    session = local_aws.administrator(account)
    return local_aws.client("s3", session), local_aws.client("config", session)


@pytest.fixture
def bucket(clients, unique):
    s3, _ = clients
    name = unique("bucket")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return name


def found(config, rule, bucket):
    answer = config.get_compliance_details_by_config_rule(ConfigRuleName=rule.lower(), Limit=100)
    for result in answer["EvaluationResults"]:
        qualifier = result["EvaluationResultIdentifier"]["EvaluationResultQualifier"]
        if qualifier["ResourceId"] == bucket:
            return result["ComplianceType"]
    return None


def until(config, rule, bucket, wanted):
    end = time.monotonic() + 20
    while (now := found(config, rule, bucket)) != wanted:
        assert time.monotonic() < end, f"{rule} says {now}"
        time.sleep(0.05)


def encrypt(s3, bucket, algorithm):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})


def test_encryption_by_a_key_is_watched(clients, bucket):
    s3, config = clients
    encrypt(s3, bucket, "AES256")
    until(config, BY_KEY, bucket, "NON_COMPLIANT")
    encrypt(s3, bucket, "aws:kms")
    until(config, BY_KEY, bucket, "COMPLIANT")
    s3.delete_bucket_encryption(Bucket=bucket)
    until(config, BY_KEY, bucket, "NON_COMPLIANT")


def test_versioning_is_watched(clients, bucket):
    s3, config = clients
    until(config, VERSIONING, bucket, "NON_COMPLIANT")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    until(config, VERSIONING, bucket, "COMPLIANT")
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})
    until(config, VERSIONING, bucket, "NON_COMPLIANT")
    summary = config.describe_compliance_by_config_rule(ConfigRuleNames=[VERSIONING.lower()])
    assert summary["ComplianceByConfigRules"][0]["Compliance"]["ComplianceType"] == "NON_COMPLIANT"


def test_encryption_is_watched(clients, bucket):
    s3, config = clients
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    until(config, ENCRYPTION, bucket, "COMPLIANT")


def test_a_public_policy_is_found_and_a_block_mends_it(clients, bucket):
    s3, config = clients
    s3.delete_public_access_block(Bucket=bucket)
    until(config, READ, bucket, "COMPLIANT")
    policy = document(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*", Principal="*"))
    s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    until(config, READ, bucket, "NON_COMPLIANT")
    assert found(config, WRITE, bucket) == "COMPLIANT"
    details = config.get_compliance_details_by_resource(
        ResourceType="AWS::S3::Bucket", ResourceId=bucket, ComplianceTypes=["NON_COMPLIANT"]
    )["EvaluationResults"]
    assert "public read" in " ".join(r.get("Annotation", "") for r in details)
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=BLOCKED)
    until(config, READ, bucket, "COMPLIANT")


def test_a_deleted_bucket_is_forgotten(clients, bucket):
    s3, config = clients
    until(config, VERSIONING, bucket, "NON_COMPLIANT")
    s3.delete_bucket(Bucket=bucket)
    until(config, VERSIONING, bucket, None)


def test_an_aggregator_sees_the_findings(clients, bucket, local_aws, account, unique):
    _, config = clients
    until(config, VERSIONING, bucket, "NON_COMPLIANT")
    name = unique("aggregator")
    role = f"arn:aws:iam::{account}:role/aggregator"
    config.put_configuration_aggregator(
        ConfigurationAggregatorName=name,
        OrganizationAggregationSource={"RoleArn": role, "AllAwsRegions": True},
    )
    listed = config.describe_aggregate_compliance_by_config_rules(
        ConfigurationAggregatorName=name, Filters={"ConfigRuleName": VERSIONING.lower()}
    )["AggregateComplianceByConfigRules"]
    assert [(one["AccountId"], one["AwsRegion"]) for one in listed] == [(account, "eu-west-1")]
    details = config.get_aggregate_compliance_details_by_config_rule(
        ConfigurationAggregatorName=name,
        ConfigRuleName=VERSIONING.lower(),
        AccountId=account,
        AwsRegion="eu-west-1",
        ComplianceType="NON_COMPLIANT",
    )["AggregateEvaluationResults"]
    assert bucket in [
        d["EvaluationResultIdentifier"]["EvaluationResultQualifier"]["ResourceId"] for d in details
    ]


def test_nothing_is_evaluated_while_the_recorder_is_off(local_aws, unique):
    session = local_aws.administrator(local_aws.account("unwatched"))
    s3, config = local_aws.client("s3", session), local_aws.client("config", session)
    rule = {
        "ConfigRuleName": "versioned",
        "Source": {"Owner": "AWS", "SourceIdentifier": VERSIONING},
    }
    with pytest.raises(ClientError) as raised:
        config.put_config_rule(ConfigRule=rule)
    assert raised.value.response["Error"]["Code"] == "NoAvailableConfigurationRecorderException"
    record(config, session)
    config.stop_configuration_recorder(ConfigurationRecorderName="default")
    config.put_config_rule(ConfigRule=rule)
    bucket = unique("bucket")
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    answer = config.describe_compliance_by_config_rule(ConfigRuleNames=["versioned"])
    assert answer["ComplianceByConfigRules"][0]["Compliance"] == {
        "ComplianceType": "INSUFFICIENT_DATA"
    }
    config.start_configuration_recorder(ConfigurationRecorderName="default")
    until_named(config, "versioned", bucket)


def until_named(config, rule, bucket):
    until(config, rule, bucket, "NON_COMPLIANT")


def test_a_rule_that_is_not_here_is_refused_by_name(clients):
    _, config = clients
    source = {"Owner": "AWS", "SourceIdentifier": "S3_BUCKET_VERSIONING_ENABLE"}
    with pytest.raises(ClientError, match="Did you mean S3_BUCKET_VERSIONING_ENABLED"):
        config.put_config_rule(ConfigRule={"ConfigRuleName": "x", "Source": source})
    with pytest.raises(ClientError) as raised:
        config.describe_config_rules(ConfigRuleNames=["none"])
    assert raised.value.response["Error"]["Code"] == "NoSuchConfigRuleException"
    status = config.describe_config_rule_evaluation_status(ConfigRuleNames=[VERSIONING.lower()])
    assert "LastErrorCode" not in status["ConfigRulesEvaluationStatus"][0]


def test_rules_have_tags(clients):
    _, config = clients
    name = VERSIONING.lower()
    arn = config.describe_config_rules(ConfigRuleNames=[name])["ConfigRules"][0]["ConfigRuleArn"]
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == []
    config.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}])
    config.tag_resource(ResourceArn=arn, Tags=[{"Key": "b", "Value": "2"}])
    told = config.list_tags_for_resource(ResourceArn=arn)["Tags"]
    assert told == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    config.untag_resource(ResourceArn=arn, TagKeys=["a", "b"])
    assert config.list_tags_for_resource(ResourceArn=arn)["Tags"] == []
    with pytest.raises(ClientError) as caught:
        config.list_tags_for_resource(ResourceArn=f"{arn}x")
    assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
