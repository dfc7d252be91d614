"""Rules of all kinds of resources find what is wrong on the change that makes it so."""

import pytest
from config_accounts import eventually, found, managed


@pytest.fixture(scope="module")
def account(recorded):
    number, client = recorded("of-all-types")
    for identifier in (
        "INCOMING_SSH_DISABLED",
        "ENCRYPTED_VOLUMES",
        "CMK_BACKING_KEY_ROTATION_ENABLED",
        "IAM_USER_NO_POLICIES_CHECK",
        "S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC",
        "SNS_ENCRYPTED_KMS",
    ):
        client("config").put_config_rule(ConfigRule=managed(identifier))
    return number, client


def test_a_security_group_that_is_opened_is_found_and_one_that_is_closed_is_not(account):
    _, client = account
    ec2, config = client("ec2"), client("config")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="door", Description="d", VpcId=vpc)["GroupId"]

    def looked():
        return found(config, "incoming-ssh-disabled").get(group)

    eventually(looked, "COMPLIANT")
    door = [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}]
    door[0]["IpRanges"] = [{"CidrIp": "0.0.0.0/0"}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=door)
    eventually(looked, "NON_COMPLIANT")
    # Config writes addresses as texts, and again as objects.
    opened = "SELECT resourceId WHERE configuration.ipPermissions.ipRanges = '0.0.0.0/0'"
    assert group in str(config.select_resource_config(Expression=opened)["Results"])
    objects = "SELECT resourceId WHERE configuration.ipPermissions.ipv4Ranges.cidrIp = '0.0.0.0/0'"
    assert group in str(config.select_resource_config(Expression=objects)["Results"])
    ec2.revoke_security_group_ingress(GroupId=group, IpPermissions=door)
    eventually(looked, "COMPLIANT")
    ec2.delete_security_group(GroupId=group)
    eventually(looked, None)


def test_a_volume_is_about_its_rule_only_while_it_is_attached(account):
    _, client = account
    ec2, config = client("ec2"), client("config")
    volume = ec2.create_volume(AvailabilityZone="eu-west-1a", Size=1)["VolumeId"]
    listed = {"resourceType": "AWS::EC2::Volume"}
    identifiers = lambda: [  # noqa: E731  (looked at again and again)
        one["resourceId"]
        for one in config.list_discovered_resources(**listed)["resourceIdentifiers"]
    ]
    eventually(lambda: volume in identifiers(), True)
    assert volume not in found(config, "encrypted-volumes")


def test_users_and_keys_are_seen_though_they_are_called_elsewhere(account):
    _, client = account
    iam, kms, config = client("iam"), client("kms"), client("config")
    user = iam.create_user(UserName="una")["User"]
    named = {user["UserId"], user["UserName"]}

    def users():
        told = found(config, "iam-user-no-policies-check")
        return next((told[one] for one in named if one in told), None)

    eventually(users, "COMPLIANT")
    document = '{"Version":"2012-10-17","Statement":[]}'
    document = document.replace("[]", '[{"Effect":"Deny","Action":"*","Resource":"*"}]')
    iam.put_user_policy(UserName="una", PolicyName="p", PolicyDocument=document)
    eventually(users, "NON_COMPLIANT")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    config.start_config_rules_evaluation(ConfigRuleNames=["cmk-backing-key-rotation-enabled"])
    eventually(lambda: found(config, "cmk-backing-key-rotation-enabled").get(key), "NON_COMPLIANT")
    kms.enable_key_rotation(KeyId=key)
    # The rule is periodic: it is not asked again before its time.
    assert found(config, "cmk-backing-key-rotation-enabled")[key] == "NON_COMPLIANT"
    config.start_config_rules_evaluation(ConfigRuleNames=["cmk-backing-key-rotation-enabled"])
    eventually(lambda: found(config, "cmk-backing-key-rotation-enabled").get(key), "COMPLIANT")


def test_an_account_is_a_resource_too(account):
    number, client = account
    config = client("config")
    rule = "s3-account-level-public-access-blocks-periodic"
    eventually(lambda: found(config, rule), {number: "NON_COMPLIANT"})
    block = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    client("s3control").put_public_access_block(
        AccountId=number, PublicAccessBlockConfiguration=block
    )
    config.start_config_rules_evaluation(ConfigRuleNames=[rule])
    eventually(lambda: found(config, rule), {number: "COMPLIANT"})
    key = {"resourceType": "AWS::S3::AccountPublicAccessBlock", "resourceId": number}
    (item,) = config.batch_get_resource_config(resourceKeys=[key])["baseConfigurationItems"]
    assert '"blockPublicAcls":true' in item["configuration"]
    told = config.get_compliance_details_by_resource(
        ResourceType="AWS::::Account", ResourceId=number
    )["EvaluationResults"]
    assert [one["ComplianceType"] for one in told] == ["COMPLIANT"]


def test_findings_are_summed(account):
    _, client = account
    sns, config = client("sns"), client("config")
    topic = sns.create_topic(Name="open")["TopicArn"]
    eventually(lambda: found(config, "sns-encrypted-kms").get(topic), "NON_COMPLIANT")
    answer = config.get_compliance_summary_by_config_rule()["ComplianceSummary"]
    assert answer["NonCompliantResourceCount"]["CappedCount"] >= 1
    (of_topics,) = config.get_compliance_summary_by_resource_type(
        ResourceTypes=["AWS::SNS::Topic"]
    )["ComplianceSummariesByResourceType"]
    summary = of_topics["ComplianceSummary"]
    assert summary["NonCompliantResourceCount"] == {"CappedCount": 1, "CapExceeded": False}
    assert summary["CompliantResourceCount"]["CappedCount"] == 0
    (by_resource,) = config.describe_compliance_by_resource(
        ResourceType="AWS::SNS::Topic", ComplianceTypes=["NON_COMPLIANT"]
    )["ComplianceByResources"]
    assert by_resource["ResourceId"] == topic
    config.delete_evaluation_results(ConfigRuleName="sns-encrypted-kms")
    assert found(config, "sns-encrypted-kms") == {}
    config.start_config_rules_evaluation(ConfigRuleNames=["sns-encrypted-kms"])
    eventually(lambda: found(config, "sns-encrypted-kms").get(topic), "NON_COMPLIANT")


def test_the_user_by_whom_the_local_aws_is_begun_is_not_looked_at(local_aws):
    config, iam = local_aws.client("config"), local_aws.client("iam")
    iam.create_user(UserName="beside")
    user = iam.get_user(UserName="beside")["User"]["UserId"]
    config.put_config_rule(ConfigRule=managed("IAM_USER_MFA_ENABLED"))
    eventually(lambda: found(config, "iam-user-mfa-enabled"), {user: "NON_COMPLIANT"})
    config.delete_config_rule(ConfigRuleName="iam-user-mfa-enabled")
    iam.delete_user(UserName="beside")
