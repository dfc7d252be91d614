"""What calls need: actions, resources, owners, keys, and what comes with them."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from request_samples import ACCOUNT, KEY, REGION, ROLE, Lookup

from landrail.localaws.gateway.requests import Authorization, Unresolved, resolve

S3 = "arn:aws:s3:::"
SAGEMAKER = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"


def needs(service: str, operation: str, **params: Any) -> tuple[Authorization, ...]:
    return resolve(service, operation, params, ACCOUNT, REGION, Lookup())


def pairs(service: str, operation: str, **params: Any) -> list[tuple[str, str]]:
    return [(a.action, a.resource) for a in needs(service, operation, **params)]


def test_objects_and_buckets() -> None:
    assert pairs("s3", "GetObject", Bucket="b", Key="k") == [("s3:GetObject", f"{S3}b/k")]
    assert pairs("s3", "HeadObject", Bucket="b", Key="k", VersionId="1") == [
        ("s3:GetObjectVersion", f"{S3}b/k")
    ]
    assert pairs("s3", "ListObjectsV2", Bucket="b", Prefix="x") == [("s3:ListBucket", f"{S3}b")]
    assert pairs("s3", "ListBuckets") == [("s3:ListAllMyBuckets", "*")]
    assert needs("s3", "ListObjectsV2", Bucket="b", Prefix="x")[0].context["s3:prefix"] == "x"
    assert needs("s3", "GetObject", Bucket="theirs", Key="k")[0].account == "444455556666"


def test_a_put_needs_what_it_carries() -> None:
    found = needs(
        "s3",
        "PutObject",
        Bucket="b",
        Key="k",
        ACL="public-read",
        Tagging="team=churn",
        ServerSideEncryption="AES256",
    )
    assert [a.action for a in found] == ["s3:PutObject", "s3:PutObjectTagging", "s3:PutObjectAcl"]
    assert found[0].context["s3:x-amz-acl"] == "public-read"
    assert found[0].context["s3:x-amz-server-side-encryption"] == "AES256"
    assert found[0].context["s3:RequestObjectTag/team"] == "churn"


def test_a_copy_is_a_read_and_a_write() -> None:
    assert pairs("s3", "CopyObject", Bucket="b", Key="k", CopySource="a/x%20y") == [
        ("s3:PutObject", f"{S3}b/k"),
        ("s3:GetObject", f"{S3}a/x y"),
    ]
    tagged = pairs("s3", "CopyObject", Bucket="b", Key="k", CopySource="a/tagged")
    assert ("s3:GetObjectTagging", f"{S3}a/tagged") in tagged
    assert ("s3:PutObjectTagging", f"{S3}b/k") in tagged


def test_s3_asks_for_the_key_in_the_callers_name() -> None:
    read = needs("s3", "GetObject", Bucket="locked", Key="k")
    assert [(a.action, a.resource) for a in read] == [
        ("s3:GetObject", f"{S3}locked/k"),
        ("kms:Decrypt", KEY),
    ]
    assert read[1].via == "s3.amazonaws.com"
    assert read[1].context["kms:ResourceAliases"] == ("alias/lake",)
    assert read[1].context["kms:ViaService"] == f"s3.{REGION}.amazonaws.com"
    written = pairs("s3", "PutObject", Bucket="locked", Key="k")
    assert ("kms:GenerateDataKey", KEY) in written
    assert pairs("s3", "PutObject", Bucket="locked", Key="k", ServerSideEncryption="AES256") == [
        ("s3:PutObject", f"{S3}locked/k")
    ]


def test_every_object_of_a_batch_is_named() -> None:
    objects = {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "1"}]}
    assert pairs("s3", "DeleteObjects", Bucket="b", Delete=objects) == [
        ("s3:DeleteObject", f"{S3}b/a"),
        ("s3:DeleteObjectVersion", f"{S3}b/b"),
    ]


def test_roles_are_passed() -> None:
    found = needs(
        "sagemaker",
        "CreateTrainingJob",
        TrainingJobName="t",
        RoleArn=ROLE,
        Environment={"ROLE": ROLE},
        VpcConfig={"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]},
        ResourceConfig={"InstanceType": "ml.m5.large", "VolumeKmsKeyId": "k1"},
        OutputDataConfig={"S3OutputPath": "s3://b/", "KmsKeyId": "k2"},
        EnableNetworkIsolation=True,
        Tags=[{"Key": "team", "Value": "churn"}],
    )
    assert [(a.action, a.resource) for a in found] == [
        ("sagemaker:CreateTrainingJob", f"{SAGEMAKER}:training-job/t"),
        ("sagemaker:AddTags", f"{SAGEMAKER}:training-job/t"),
        ("iam:PassRole", ROLE),
    ]
    keys = found[0].context
    assert keys["sagemaker:VpcSubnets"] == ("subnet-1",)
    assert keys["sagemaker:InstanceTypes"] == ("ml.m5.large",)
    assert keys["sagemaker:VolumeKmsKey"] == "k1"
    assert keys["sagemaker:OutputKmsKey"] == "k2"
    assert keys["sagemaker:NetworkIsolation"] == "true"
    assert keys["aws:RequestTag/team"] == "churn"
    assert keys["aws:TagKeys"] == ("team",)
    assert found[2].context["iam:PassedToService"] == "sagemaker.amazonaws.com"


@pytest.mark.parametrize(
    ("arn", "tags", "untags"),
    [
        (ROLE, "iam:TagRole", "iam:UntagRole"),
        (f"{SAGEMAKER}:user-profile/d-1/ana", "sagemaker:AddTags", "sagemaker:DeleteTags"),
        ("arn:aws:s3:::b", "s3:PutBucketTagging", "s3:PutBucketTagging"),
        (
            "arn:aws:kms:eu-west-1:444455556666:key/k",
            "kms:TagResource",
            "kms:UntagResource",
        ),
        (
            "arn:aws:ssm:eu-west-1:111122223333:parameter/p",
            "ssm:AddTagsToResource",
            "ssm:RemoveTagsFromResource",
        ),
    ],
)
def test_the_tagging_api_asks_the_service_of_each_resource(
    arn: str, tags: str, untags: str
) -> None:
    service = "resourcegroupstaggingapi"
    found = needs(service, "TagResources", ResourceARNList=[arn], Tags={"team": "churn"})
    assert [a.action for a in found] == ["tag:TagResources", tags]
    assert found[1].resource == arn
    assert found[1].context["aws:RequestTag/team"] == "churn"
    found = needs(service, "UntagResources", ResourceARNList=[arn], TagKeys=["team"])
    assert [a.action for a in found] == ["tag:UntagResources", untags]


def test_the_tagging_api_refuses_what_it_does_not_know() -> None:
    for arn in ("nothing", "arn:aws:iam::111122223333:server-certificate/c"):
        with pytest.raises(Unresolved):
            needs("resourcegroupstaggingapi", "TagResources", ResourceARNList=[arn], Tags={})


@pytest.mark.parametrize(
    ("service", "operation", "params", "passed_to"),
    [
        ("cloudformation", "CreateStack", {"StackName": "s", "RoleARN": ROLE}, "cloudformation"),
        ("codebuild", "CreateProject", {"name": "p", "serviceRole": ROLE}, "codebuild"),
        ("codebuild", "StartBuild", {"projectName": "p", "serviceRoleOverride": ROLE}, "codebuild"),
        ("glue", "CreateJob", {"Name": "j", "Role": ROLE, "Command": {}}, "glue"),
        ("glue", "UpdateJob", {"JobName": "j", "JobUpdate": {"Role": "job"}}, "glue"),
        (
            "codepipeline",
            "UpdatePipeline",
            {"pipeline": {"name": "p", "roleArn": ROLE}},
            "codepipeline",
        ),
        (
            "events",
            "PutTargets",
            {"Rule": "r", "Targets": [{"Id": "1", "Arn": "arn:aws:s3:::b", "RoleArn": ROLE}]},
            "events",
        ),
        ("sagemaker", "CreateModel", {"ModelName": "m", "ExecutionRoleArn": ROLE}, "sagemaker"),
    ],
)
def test_each_service_is_told_who_takes_the_role(
    service: str, operation: str, params: dict[str, Any], passed_to: str
) -> None:
    passed = [a for a in needs(service, operation, **params) if a.action == "iam:PassRole"]
    assert [a.resource for a in passed] == [ROLE]
    assert passed[0].context["iam:PassedToService"] == f"{passed_to}.amazonaws.com"


def test_package_groups_of_other_accounts() -> None:
    group = f"arn:aws:sagemaker:{REGION}:444455556666:model-package-group/churn"
    found = needs("sagemaker", "CreateModelPackage", ModelPackageGroupName=group)
    assert [a.resource for a in found] == [
        group,
        f"arn:aws:sagemaker:{REGION}:444455556666:model-package/churn/*",
    ]
    assert {a.account for a in found} == {"444455556666"}
    approved = needs(
        "sagemaker",
        "UpdateModelPackage",
        ModelPackageArn=f"{SAGEMAKER}:model-package/churn/3",
        ModelApprovalStatus="Approved",
    )
    assert approved[0].resource == f"{SAGEMAKER}:model-package/churn/3"
    assert approved[0].context["sagemaker:ModelApprovalStatus"] == "Approved"


def test_entering_a_role() -> None:
    found = needs(
        "sts",
        "AssumeRole",
        RoleArn="arn:aws:iam::444455556666:role/landrail/release",
        RoleSessionName="s",
        ExternalId="x",
        Tags=[{"Key": "team", "Value": "churn"}],
        SourceIdentity="ana",
    )
    names = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
    assert [a.action for a in found] == names
    assert found[0].account == "444455556666"
    assert found[0].context["sts:ExternalId"] == "x"
    assert found[0].context["aws:RequestTag/team"] == "churn"
    assert pairs("sts", "GetCallerIdentity") == [("sts:GetCallerIdentity", "*")]


def test_keys_by_any_name() -> None:
    found = needs("kms", "Encrypt", KeyId="alias/lake", EncryptionContext={"a": "b"})[0]
    assert (found.action, found.resource) == ("kms:Encrypt", KEY)
    assert found.context["kms:RequestAlias"] == "alias/lake"
    assert found.context["kms:ResourceAliases"] == ("alias/lake",)
    assert found.context["kms:EncryptionContext:a"] == "b"
    blob = KEY.rpartition("/")[2].encode() + b"\x00\x01"
    for given in (blob, base64.b64encode(blob).decode()):
        assert pairs("kms", "Decrypt", CiphertextBlob=given) == [("kms:Decrypt", KEY)]
    with pytest.raises(Unresolved):
        needs("kms", "Decrypt", CiphertextBlob=b"?")
    assert len(needs("kms", "UpdateAlias", AliasName="alias/lake", TargetKeyId=KEY)) >= 2


def test_iam_names_have_their_paths() -> None:
    base = f"arn:aws:iam::{ACCOUNT}"
    attach = needs("iam", "AttachRolePolicy", RoleName="job", PolicyArn=f"{base}:policy/p")
    assert [(a.action, a.resource) for a in attach] == [
        ("iam:AttachRolePolicy", f"{base}:role/landrail/job")
    ]
    assert attach[0].context["iam:PolicyARN"] == f"{base}:policy/p"
    made = needs("iam", "CreateRole", RoleName="x", Path="/landrail/", PermissionsBoundary="p")
    assert made[0].resource == f"{base}:role/landrail/x"
    assert made[0].context["iam:PermissionsBoundary"] == "p"
    added = pairs("iam", "AddRoleToInstanceProfile", InstanceProfileName="i", RoleName="job")
    assert ("iam:PassRole", f"{base}:role/landrail/job") in added


@pytest.mark.parametrize(
    ("service", "operation", "params", "resource"),
    [
        ("ssm", "GetParameter", {"Name": "/a/b"}, f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/a/b"),
        ("ssm", "GetParameter", {"Name": "a"}, f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/a"),
        (
            "ecr",
            "PutImage",
            {"repositoryName": "r"},
            f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/r",
        ),
        (
            "ecr",
            "PutImage",
            {"repositoryName": "r", "registryId": "444455556666"},
            f"arn:aws:ecr:{REGION}:444455556666:repository/r",
        ),
        (
            "codeartifact",
            "GetRepositoryEndpoint",
            {"domain": "d", "domainOwner": "444455556666", "repository": "r"},
            f"arn:aws:codeartifact:{REGION}:444455556666:repository/d/r",
        ),
        (
            "codecommit",
            "GetBranch",
            {"repositoryName": "r"},
            f"arn:aws:codecommit:{REGION}:{ACCOUNT}:r",
        ),
        (
            "codebuild",
            "StartBuild",
            {"projectName": "p"},
            f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/p",
        ),
        (
            "codebuild",
            "StopBuild",
            {"id": "p:1"},
            f"arn:aws:codebuild:{REGION}:{ACCOUNT}:project/p",
        ),
        (
            "codepipeline",
            "PutApprovalResult",
            {"pipelineName": "p", "stageName": "s", "actionName": "a"},
            f"arn:aws:codepipeline:{REGION}:{ACCOUNT}:p/s/a",
        ),
        (
            "cloudformation",
            "DeleteStack",
            {"StackName": "s"},
            f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/s/*",
        ),
        ("events", "PutRule", {"Name": "r"}, f"arn:aws:events:{REGION}:{ACCOUNT}:rule/r"),
        (
            "logs",
            "PutLogEvents",
            {"logGroupName": "g", "logStreamName": "s"},
            f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:g:log-stream:s",
        ),
        (
            "sns",
            "Publish",
            {"TopicArn": f"arn:aws:sns:{REGION}:444455556666:t"},
            f"arn:aws:sns:{REGION}:444455556666:t",
        ),
        ("sagemaker-runtime", "InvokeEndpoint", {"EndpointName": "e"}, f"{SAGEMAKER}:endpoint/e"),
        ("ec2", "DeleteVpc", {"VpcId": "vpc-1"}, f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/vpc-1"),
        (
            "organizations",
            "AttachPolicy",
            {"PolicyId": "p-1", "TargetId": "ou-1"},
            "arn:aws:organizations::999988887777:policy/o-a/service_control_policy/p-1",
        ),
        (
            "cloudtrail",
            "StopLogging",
            {"Name": "t"},
            f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/t",
        ),
        ("s3control", "PutPublicAccessBlock", {"AccountId": ACCOUNT}, "*"),
    ],
    ids=lambda v: v if isinstance(v, str) and ":" not in v else "",
)
def test_resources(service: str, operation: str, params: dict[str, Any], resource: str) -> None:
    found = needs(service, operation, **params)
    assert resource in [a.resource for a in found]
    assert found[0].action.endswith(f":{operation}") or service == "s3control"


def test_glue_tables_stand_in_a_tree() -> None:
    base = f"arn:aws:glue:{REGION}:{ACCOUNT}"
    found = {a.resource for a in needs("glue", "GetTable", DatabaseName="d", Name="t")}
    assert found == {f"{base}:catalog", f"{base}:database/d", f"{base}:table/d/t"}


def test_tags_on_what_ec2_makes() -> None:
    spec = [{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]
    found = needs("ec2", "CreateVpc", CidrBlock="10.0.0.0/16", TagSpecifications=spec)
    assert ("ec2:CreateTags", f"arn:aws:ec2:{REGION}:{ACCOUNT}:vpc/*") in [
        (a.action, a.resource) for a in found
    ]
    assert found[0].context["aws:RequestTag/a"] == "b"
