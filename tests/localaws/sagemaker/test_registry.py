"""The model registry: versions, approval, and a group that another account writes to."""

import json

import pytest
from botocore.exceptions import ClientError


def specification(studio, digest=True):
    image = studio.image if digest else studio.image.partition("@")[0] + ":latest"
    return {
        "Containers": [{"Image": image, "ModelDataUrl": studio.model_data(5.0)}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }


@pytest.fixture
def group(studio, unique):
    name = unique("group")
    studio.sagemaker.create_model_package_group(ModelPackageGroupName=name)
    return name


def register(studio, group, **more):
    return studio.sagemaker.create_model_package(
        ModelPackageGroupName=group, InferenceSpecification=specification(studio), **more
    )["ModelPackageArn"]


def test_versions_are_numbered_and_never_used_again(studio, group):
    arns = [register(studio, group) for _ in range(2)]
    assert [arn.rpartition("/")[2] for arn in arns] == ["1", "2"]
    studio.sagemaker.delete_model_package(ModelPackageName=arns[1])
    assert register(studio, group).endswith(f"model-package/{group}/3")
    listed = studio.sagemaker.list_model_packages(ModelPackageGroupName=group)
    versions = [p["ModelPackageVersion"] for p in listed["ModelPackageSummaryList"]]
    assert versions == [1, 3]
    with pytest.raises(ClientError, match="still contains"):
        studio.sagemaker.delete_model_package_group(ModelPackageGroupName=group)


def test_an_approval_says_who_and_why(studio, group):
    sagemaker = studio.sagemaker
    arn = register(studio, group)
    before = sagemaker.describe_model_package(ModelPackageName=arn)
    assert before["ModelApprovalStatus"] == "PendingManualApproval"
    assert before["ModelPackageGroupName"] == group
    digest = studio.image.partition("@")[2]
    assert before["InferenceSpecification"]["Containers"][0]["ImageDigest"] == digest
    sagemaker.update_model_package(
        ModelPackageArn=arn, ModelApprovalStatus="Approved", ApprovalDescription="measured"
    )
    after = sagemaker.describe_model_package(ModelPackageName=arn)
    assert (after["ModelApprovalStatus"], after["ApprovalDescription"]) == ("Approved", "measured")
    me = studio.client("sts").get_caller_identity()["Arn"]
    assert after["LastModifiedBy"]["IamIdentity"]["Arn"] == me
    found = sagemaker.list_model_packages(
        ModelPackageGroupName=group, ModelApprovalStatus="Approved"
    )
    assert [p["ModelPackageArn"] for p in found["ModelPackageSummaryList"]] == [arn]


def test_a_model_of_a_package_serves_what_was_registered(studio, group, unique):
    arn = register(studio, group)
    name = unique("model")
    with pytest.raises(ClientError, match="PendingManualApproval, and must be Approved"):
        studio.sagemaker.create_model(
            ModelName=name, ExecutionRoleArn=studio.role, PrimaryContainer={"ModelPackageName": arn}
        )
    studio.sagemaker.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    studio.sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=studio.role,
        PrimaryContainer={"ModelPackageName": arn},
    )
    described = studio.sagemaker.describe_model(ModelName=name)
    assert described["PrimaryContainer"]["ModelPackageName"] == arn
    gone = arn.rpartition("/")[0] + "/9"
    with pytest.raises(ClientError, match="does not exist"):
        studio.sagemaker.create_model(
            ModelName=unique("model"),
            ExecutionRoleArn=studio.role,
            PrimaryContainer={"ModelPackageName": gone},
        )


def test_group_policies_are_put_read_and_dropped(studio, group):
    sagemaker = studio.sagemaker
    with pytest.raises(ClientError, match="Cannot find resource policy"):
        sagemaker.get_model_package_group_policy(ModelPackageGroupName=group)
    arn = f"arn:aws:sagemaker:eu-west-1:{studio.account}:model-package/{group}/*"
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{studio.account}:root"},
        "Action": "sagemaker:DescribeModelPackage",
        "Resource": arn,
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sagemaker.put_model_package_group_policy(ModelPackageGroupName=group, ResourcePolicy=text)
    found = sagemaker.get_model_package_group_policy(ModelPackageGroupName=group)
    assert json.loads(found["ResourcePolicy"]) == json.loads(text)
    sagemaker.delete_model_package_group_policy(ModelPackageGroupName=group)
    with pytest.raises(ClientError, match="Cannot find resource policy"):
        sagemaker.get_model_package_group_policy(ModelPackageGroupName=group)


def test_another_account_registers_in_the_group_that_lets_it(studio, group, local_aws, unique):
    other = local_aws.account("uat")
    allow = {"Effect": "Allow", "Action": "sagemaker:*", "Resource": "*"}
    role = local_aws.role(other, unique("release"), {"Version": "2012-10-17", "Statement": [allow]})
    release = local_aws.client("sagemaker", local_aws.assume(role))
    here = f"arn:aws:sagemaker:eu-west-1:{studio.account}"
    statements = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": role},
            "Action": "sagemaker:DescribeModelPackageGroup",
            "Resource": f"{here}:model-package-group/{group}",
        },
        {
            "Effect": "Allow",
            "Principal": {"AWS": role},
            "Action": ["sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"],
            "Resource": [
                f"{here}:model-package/{group}/*",
                f"{here}:model-package-group/{group}",
            ],
        },
    ]
    studio.sagemaker.put_model_package_group_policy(
        ModelPackageGroupName=group,
        ResourcePolicy=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    arn = release.create_model_package(
        ModelPackageGroupName=f"{here}:model-package-group/{group}",
        InferenceSpecification=specification(studio),
    )["ModelPackageArn"]
    assert arn == f"{here}:model-package/{group}/1"
    assert release.describe_model_package(ModelPackageName=arn)["ModelPackageVersion"] == 1
    with pytest.raises(ClientError, match="not authorized to perform: sagemaker:Update"):
        release.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
    mine = studio.sagemaker.list_model_packages(ModelPackageGroupName=group)
    assert [p["ModelPackageArn"] for p in mine["ModelPackageSummaryList"]] == [arn]


CARD = {
    "model_overview": {"model_creator": "ana", "model_artifact": ["s3://b/m"]},
    "intended_uses": {"risk_rating": "Low"},
    "evaluation_details": [
        {
            "name": "candidate",
            "metric_groups": [
                {
                    "name": "measured",
                    "metric_data": [{"name": "auc", "type": "number", "value": 0.9}],
                }
            ],
        }
    ],
    "additional_information": {"custom_details": {"commit": "c0ffee"}},
}


def test_a_version_keeps_a_card_that_follows_the_schema(studio, group):
    card = {"ModelCardContent": json.dumps(CARD), "ModelCardStatus": "PendingReview"}
    arn = register(studio, group, ModelCard=card)
    sagemaker = studio.sagemaker
    assert sagemaker.describe_model_package(ModelPackageName=arn)["ModelCard"] == card
    sagemaker.update_model_package(ModelPackageArn=arn, ModelCard={"ModelCardStatus": "Archived"})
    kept = sagemaker.describe_model_package(ModelPackageName=arn)["ModelCard"]
    assert kept == {**card, "ModelCardStatus": "Archived"}
    with pytest.raises(ClientError, match="Model Card is in Archived state"):
        sagemaker.update_model_package(ModelPackageArn=arn, ModelCard=card)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("not json", "not valid JSON"),
        ({"model_package_details": {}}, r"\$.model_package_details is not known"),
        ({"intended_uses": {"risk_rating": "Huge"}}, "none of High, Medium, Low, Unknown"),
        ({"evaluation_details": [{}]}, r"evaluation_details\[0\].name is missing"),
        ({"business_details": {"business_problem": "x" * 2049}}, "longer than 2048"),
        ({"model_overview": {"model_artifact": "s3://b/m"}}, "model_artifact is no array"),
    ],
)
def test_a_card_that_does_not_is_refused(studio, group, change, said):
    content = change if isinstance(change, str) else json.dumps({**CARD, **change})
    with pytest.raises(ClientError, match=said):
        register(studio, group, ModelCard={"ModelCardContent": content})


def test_what_a_version_cannot_be_is_named(studio, group):
    for wrong, said in (
        ({"ModelPackageName": "x"}, "Both ModelPackageName and ModelPackageGroupName"),
        ({"Tags": [{"Key": "a", "Value": "b"}]}, "tag the group"),
        ({"SecurityConfig": {"KmsKeyId": "k"}}, "does not support SecurityConfig"),
    ):
        with pytest.raises(ClientError, match=said):
            register(studio, group, **wrong)
    extra = {"Name": "small", "Containers": specification(studio)["Containers"]}
    arn = register(studio, group, AdditionalInferenceSpecifications=[extra])
    update = {"ModelPackageArn": arn, "AdditionalInferenceSpecificationsToAdd": [extra]}
    with pytest.raises(ClientError, match="must be unique"):
        studio.sagemaker.update_model_package(**update)
    update["AdditionalInferenceSpecificationsToAdd"] = [{**extra, "Name": "large"}]
    studio.sagemaker.update_model_package(**update)
    told = studio.sagemaker.describe_model_package(ModelPackageName=arn)
    names = [one["Name"] for one in told["AdditionalInferenceSpecifications"]]
    assert names == ["small", "large"]


def test_a_change_of_a_version_is_told_to_events(studio, group, unique):
    queue = studio.client("sqs").create_queue(QueueName=unique("told"))["QueueUrl"]
    arn = f"arn:aws:sqs:eu-west-1:{studio.account}:{queue.rpartition('/')[2]}"
    policy = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [policy]})
    studio.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": text})
    events, rule = studio.client("events"), unique("rule")
    pattern = {
        "source": ["aws.sagemaker"],
        "detail-type": ["SageMaker Model Package State Change"],
        "detail": {"ModelPackageGroupName": [group], "ModelApprovalStatus": ["Rejected"]},
    }
    events.put_rule(Name=rule, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=rule, Targets=[{"Id": "q", "Arn": arn}])
    package = register(studio, group)
    studio.sagemaker.update_model_package(
        ModelPackageArn=package, ModelApprovalStatus="Rejected", ApprovalDescription="no"
    )
    [message] = studio.client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=20)["Messages"]
    told = json.loads(message["Body"])
    assert told["resources"] == [package]
    assert told["detail"]["ApprovalDescription"] == "no"
    assert told["detail"]["UpdatedModelPackageFields"] == [
        "ApprovalDescription",
        "ModelApprovalStatus",
    ]


def test_groups_of_others_are_not_listed_across_accounts(studio, group):
    listed = studio.sagemaker.list_model_package_groups(NameContains=group)
    assert [g["ModelPackageGroupName"] for g in listed["ModelPackageGroupSummaryList"]] == [group]
    across = studio.sagemaker.list_model_package_groups(CrossAccountFilterOption="CrossAccount")
    assert across["ModelPackageGroupSummaryList"] == []


def test_domains_hold_profiles(studio, unique):
    sagemaker = studio.sagemaker
    made = sagemaker.create_domain(
        DomainName=unique("domain"),
        AuthMode="IAM",
        DefaultUserSettings={"ExecutionRole": studio.role},
        SubnetIds=["subnet-1"],
        VpcId="vpc-1",
        AppNetworkAccessType="VpcOnly",
    )
    domain = made["DomainArn"].rpartition("/")[2]
    assert sagemaker.describe_domain(DomainId=domain)["AppNetworkAccessType"] == "VpcOnly"
    sagemaker.create_user_profile(
        DomainId=domain, UserProfileName="ana", UserSettings={"ExecutionRole": studio.role}
    )
    profile = sagemaker.describe_user_profile(DomainId=domain, UserProfileName="ana")
    assert profile["UserSettings"]["ExecutionRole"] == studio.role
    with pytest.raises(ClientError, match="Unable to delete Domain"):
        sagemaker.delete_domain(DomainId=domain)
    with pytest.raises(ClientError, match="not supported"):
        sagemaker.create_presigned_domain_url(DomainId=domain, UserProfileName="ana")
    sagemaker.delete_user_profile(DomainId=domain, UserProfileName="ana")
    sagemaker.delete_domain(DomainId=domain)
    with pytest.raises(ClientError) as raised:
        sagemaker.describe_domain(DomainId=domain)
    assert raised.value.response["Error"]["Code"] == "ResourceNotFound"
