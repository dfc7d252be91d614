"""What calls need beside their own action: parts, tags on create, locks, aliases, other tables."""

from __future__ import annotations

from typing import Any

import pytest
from request_samples import ACCOUNT, HANDLE, KEY, QUEUE, REGION, ROLE, Lookup

from landrail.localaws.gateway.requests import Authorization, Unresolved, resolve

S3 = "arn:aws:s3:::"
EC2 = f"arn:aws:ec2:{REGION}:{ACCOUNT}"
TAGS = [{"Key": "team", "Value": "churn"}]
USER = f"arn:aws:iam::{ACCOUNT}:user/ana"


def needs(service: str, operation: str, **params: Any) -> tuple[Authorization, ...]:
    return resolve(service, operation, params, ACCOUNT, REGION, Lookup(), caller_arn=USER)


def pairs(service: str, operation: str, **params: Any) -> list[tuple[str, str]]:
    return [(a.action, a.resource) for a in needs(service, operation, **params)]


def test_a_lock_is_overridden_by_its_own_permission() -> None:
    version = {"Bucket": "b", "Key": "k", "VersionId": "v"}
    assert pairs("s3", "DeleteObject", **version) == [("s3:DeleteObjectVersion", f"{S3}b/k")]
    found = needs("s3", "DeleteObject", **version, BypassGovernanceRetention=True)
    assert [a.action for a in found] == ["s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"]
    locked = needs("s3", "PutObject", Bucket="b", Key="k", ObjectLockMode="GOVERNANCE")
    assert [a.action for a in locked] == ["s3:PutObject", "s3:PutObjectRetention"]
    kept = {"Retention": {"Mode": "COMPLIANCE"}}
    found = needs("s3", "PutObjectRetention", Bucket="b", Key="k", **kept)
    assert found[0].context["s3:object-lock-mode"] == "COMPLIANCE"


def test_each_key_of_a_deletion_is_a_part_with_all_it_needs() -> None:
    objects = {"Objects": [{"Key": "a"}, {"Key": "b", "VersionId": "1"}]}
    found = needs("s3", "DeleteObjects", Bucket="b", Delete=objects, BypassGovernanceRetention=True)
    assert [(a.part, a.action) for a in found] == [
        ("0", "s3:DeleteObject"),
        ("0", "s3:BypassGovernanceRetention"),
        ("1", "s3:DeleteObjectVersion"),
        ("1", "s3:BypassGovernanceRetention"),
    ]


def test_every_request_to_s3_says_whose_the_bucket_is() -> None:
    found = needs("s3", "GetObject", Bucket="theirs", Key="k")
    assert found[0].context["s3:ResourceAccount"] == "444455556666"


@pytest.mark.parametrize("source", ["/a/x%20y", "a/x y", {"Bucket": "a", "Key": "x y"}])
def test_the_source_of_a_copy_is_known_by_one_spelling(source: Any) -> None:
    found = needs("s3", "CopyObject", Bucket="b", Key="k", CopySource=source)
    assert found[0].context["s3:x-amz-copy-source"] == "a/x y"


@pytest.mark.parametrize(
    "bucket",
    [
        "b--x-s3",
        "b--ol-s3",
        f"arn:aws:s3::{ACCOUNT}:accesspoint/m.mrap",
        f"arn:aws:s3-object-lambda:{REGION}:{ACCOUNT}:accesspoint/p",
        f"arn:aws:s3-outposts:{REGION}:{ACCOUNT}:outpost/op-1/accesspoint/p",
    ],
)
def test_other_ways_into_buckets_are_refused_by_name(bucket: str) -> None:
    for operation, more in (
        ("GetObject", {"Key": "k"}),
        ("ListObjectsV2", {}),
        ("DeleteObjects", {"Delete": {"Objects": [{"Key": "k"}]}}),
    ):
        with pytest.raises(Unresolved, match="access point"):
            needs("s3", operation, Bucket=bucket, **more)
    with pytest.raises(Unresolved):
        needs("s3", "CopyObject", Bucket="b", Key="k", CopySource=f"{bucket}/object/k")


@pytest.mark.parametrize("named", [f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/p", "p-abc-s3alias"])
def test_through_an_access_point_both_it_and_its_bucket_are_asked(named: str) -> None:
    point = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/p"
    for operation, more, below, at_point in (
        ("GetObject", {"Key": "k/x"}, "/k/x", "/object/k/x"),
        ("ListObjectsV2", {"Prefix": "k"}, "", ""),
        ("DeleteObjects", {"Delete": {"Objects": [{"Key": "k"}]}}, "/k", "/object/k"),
    ):
        found = needs("s3", operation, Bucket=named, **more)
        assert [a.resource for a in found] == [f"arn:aws:s3:::points{below}", f"{point}{at_point}"]
        for one in found:
            assert one.context["s3:DataAccessPointArn"] == point
            assert one.context["s3:DataAccessPointAccount"] == ACCOUNT
            assert one.context["s3:AccessPointNetworkOrigin"] == "Internet"
    source = f"{named}/object/x" if named.startswith("arn:") else f"{named}/x"
    copied = needs("s3", "CopyObject", Bucket="b", Key="k", CopySource=source)
    assert [a.resource for a in copied if a.action == "s3:GetObject"] == [
        "arn:aws:s3:::points/x",
        f"{point}/object/x",
    ]
    assert all("accesspoint" not in a.resource for a in copied if a.action == "s3:PutObject")


@pytest.mark.parametrize(
    ("service", "operation", "params", "needed"),
    [
        ("iam", "CreateRole", {"RoleName": "r", "Tags": TAGS}, "iam:TagRole"),
        ("iam", "CreatePolicy", {"PolicyName": "p", "Tags": TAGS}, "iam:TagPolicy"),
        (
            "kms",
            "CreateKey",
            {"Tags": [{"TagKey": "team", "TagValue": "churn"}]},
            "kms:TagResource",
        ),
        ("sns", "CreateTopic", {"Name": "t", "Tags": TAGS}, "sns:TagResource"),
        ("sqs", "CreateQueue", {"QueueName": "q", "tags": {"team": "churn"}}, "sqs:TagQueue"),
        (
            "secretsmanager",
            "CreateSecret",
            {"Name": "s", "Tags": TAGS},
            "secretsmanager:TagResource",
        ),
        (
            "ssm",
            "PutParameter",
            {"Name": "p", "Value": "x", "Tags": TAGS},
            "ssm:AddTagsToResource",
        ),
        ("events", "PutRule", {"Name": "r", "Tags": TAGS}, "events:TagResource"),
        ("cloudtrail", "CreateTrail", {"Name": "t", "TagsList": TAGS}, "cloudtrail:AddTags"),
        (
            "lambda",
            "CreateFunction",
            {"FunctionName": "f", "Tags": {"a": "b"}},
            "lambda:TagResource",
        ),
        (
            "ec2",
            "CreateTransitGateway",
            {"TagSpecifications": [{"ResourceType": "transit-gateway", "Tags": TAGS}]},
            "ec2:CreateTags",
        ),
    ],
)
def test_tags_on_create_need_their_own_permission(
    service: str, operation: str, params: dict[str, Any], needed: str
) -> None:
    assert needed in [a.action for a in needs(service, operation, **params)]
    plain = {k: v for k, v in params.items() if "tag" not in k.lower()}
    assert needed not in [a.action for a in needs(service, operation, **plain)]


def test_an_access_points_own_block_needs_its_own_permission() -> None:
    given = {"AccountId": ACCOUNT, "Name": "p", "Bucket": "b"}
    block = {"BlockPublicAcls": False}
    made = [a.action for a in needs("s3control", "CreateAccessPoint", **given)]
    blocked = needs("s3control", "CreateAccessPoint", **given, PublicAccessBlockConfiguration=block)
    assert made == ["s3:CreateAccessPoint"]
    assert [a.action for a in blocked] == [*made, "s3:PutAccessPointPublicAccessBlock"]


def test_instances_are_made_of_many_resources() -> None:
    found = needs(
        "ec2",
        "RunInstances",
        ImageId="ami-1",
        SubnetId="subnet-1",
        SecurityGroupIds=["sg-1", "sg-2"],
        KeyName="k",
        InstanceType="t3.micro",
        BlockDeviceMappings=[{"Ebs": {"Encrypted": False}}],
        IamInstanceProfile={"Name": "p"},
    )
    resources = [a.resource for a in found if a.action == "ec2:RunInstances"]
    for each in (
        f"arn:aws:ec2:{REGION}::image/ami-1",
        f"{EC2}:instance/*",
        f"{EC2}:subnet/subnet-1",
        f"{EC2}:security-group/sg-1",
        f"{EC2}:security-group/sg-2",
        f"{EC2}:key-pair/k",
    ):
        assert each in resources
    of = {a.resource: a.context for a in found}
    assert of[f"{EC2}:instance/*"]["ec2:InstanceType"] == "t3.micro"
    assert of[f"{EC2}:instance/*"]["ec2:Encrypted"] == "false"
    assert of[f"{EC2}:subnet/subnet-1"]["ec2:Vpc"] == f"{EC2}:vpc/vpc-1"
    passed = next(a for a in found if a.action == "iam:PassRole")
    assert passed.resource == ROLE
    assert dict(passed.context) == {"iam:PassedToService": "ec2.amazonaws.com"}


def test_encrypted_volumes_are_lent_the_key() -> None:
    found = needs("ec2", "CreateVolume", AvailabilityZone="a", Encrypted=True, KmsKeyId=KEY)
    asked = {a.action: a for a in found if a.via}
    assert set(asked) == {
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:DescribeKey",
        "kms:CreateGrant",
    }
    grant = asked["kms:CreateGrant"].context
    assert grant["kms:GrantIsForAWSResource"] == "true"
    assert grant["kms:ViaService"] == f"ec2.{REGION}.amazonaws.com"


def test_tables_of_a_batch_are_authorized_each() -> None:
    base = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table"
    assert pairs("dynamodb", "BatchGetItem", RequestItems={"t": {}, "u": {}}) == [
        ("dynamodb:BatchGetItem", f"{base}/t"),
        ("dynamodb:BatchGetItem", f"{base}/u"),
    ]
    items = [{"Put": {"TableName": "t"}}, {"Delete": {"TableName": "u"}}]
    assert pairs("dynamodb", "TransactWriteItems", TransactItems=items) == [
        ("dynamodb:PutItem", f"{base}/t"),
        ("dynamodb:DeleteItem", f"{base}/u"),
    ]
    dropped = pairs("glue", "BatchDeleteTable", DatabaseName="d", TablesToDelete=["a", "b"])
    glue = f"arn:aws:glue:{REGION}:{ACCOUNT}"
    assert [r for _, r in dropped if ":table/" in r] == [f"{glue}:table/d/a", f"{glue}:table/d/b"]


@pytest.mark.parametrize(
    ("params", "end"),
    [
        ({"FunctionName": "f"}, "f"),
        ({"FunctionName": "f:2"}, "f:2"),
        ({"FunctionName": "f", "Qualifier": "live"}, "f:live"),
        ({"FunctionName": f"{ACCOUNT}:function:f"}, "f"),
        ({"FunctionName": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"}, "f"),
    ],
)
def test_versions_and_aliases_of_functions(params: dict[str, Any], end: str) -> None:
    base = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"
    assert pairs("lambda", "Invoke", **params) == [("lambda:InvokeFunction", f"{base}:{end}")]


def test_a_merge_writes_to_the_branch_it_ends_on() -> None:
    merge = {"repositoryName": "r", "sourceCommitSpecifier": "x"}
    for more in (
        {"destinationCommitSpecifier": "main"},
        {"destinationCommitSpecifier": "abc", "targetBranch": "main"},
    ):
        found = needs("codecommit", "MergeBranchesBySquash", **merge, **more)
        assert found[0].context["codecommit:References"] == ("refs/heads/main",)


def test_what_is_done_to_a_bounded_role_is_done_under_its_boundary() -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/limits"
    bounded = needs("iam", "PutRolePolicy", RoleName="limited", PolicyName="p")
    assert bounded[0].context["iam:PermissionsBoundary"] == boundary
    free = needs("iam", "PutRolePolicy", RoleName="free", PolicyName="p")
    assert "iam:PermissionsBoundary" not in free[0].context


def test_what_only_the_store_can_tell_is_looked_up() -> None:
    assert pairs("iam", "GetAccessKeyLastUsed", AccessKeyId="AKIA") == [
        ("iam:GetAccessKeyLastUsed", f"arn:aws:iam::{ACCOUNT}:user/ana")
    ]
    assert pairs("iam", "ChangePassword") == [("iam:ChangePassword", USER)]
    detached = [r for _, r in pairs("ec2", "DetachNetworkInterface", AttachmentId="a")]
    assert detached == [f"{EC2}:instance/i-1", f"{EC2}:network-interface/eni-1"]
    task = "task/aws-service-role/x.amazonaws.com/AWSServiceRoleForX/1"
    assert pairs("iam", "GetServiceLinkedRoleDeletionStatus", DeletionTaskId=task) == [
        (
            "iam:GetServiceLinkedRoleDeletionStatus",
            f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX",
        )
    ]
    assert pairs("sqs", "CancelMessageMoveTask", TaskHandle=HANDLE) == [
        ("sqs:CancelMessageMoveTask", QUEUE)
    ]


def test_contexts_handed_on_need_their_own_permission() -> None:
    provided = [{"ProviderArn": "arn:aws:iam::aws:contextProvider/IdentityCenter"}]
    found = needs("sts", "AssumeRole", RoleArn=ROLE, RoleSessionName="s", ProvidedContexts=provided)
    assert [a.action for a in found] == ["sts:AssumeRole", "sts:SetContext"]


def test_keys_of_builds_are_the_paths_of_their_parameters() -> None:
    found = needs(
        "codebuild",
        "CreateProject",
        name="p",
        environment={
            "image": "x",
            "privilegedMode": True,
            "environmentVariables": [{"name": "A", "value": "1"}],
        },
        vpcConfig={"subnets": ["s-1", "s-2"]},
    )
    keys = found[0].context
    assert keys["codebuild:environment.image"] == "x"
    assert keys["codebuild:environment.privilegedMode"] == "true"
    assert keys["codebuild:environment.environmentVariables/A.value"] == "1"
    assert keys["codebuild:environment.environmentVariables.name"] == ("A",)
    assert keys["codebuild:vpcConfig"] == "true"
    assert keys["codebuild:vpcConfig.subnets"] == ("s-1", "s-2")


def test_a_bucket_is_made_with_all_that_it_begins_with() -> None:
    plain = pairs("s3", "CreateBucket", Bucket="b")
    assert plain == [("s3:CreateBucket", f"{S3}b")]
    found = needs(
        "s3",
        "CreateBucket",
        Bucket="b",
        ACL="private",
        ObjectLockEnabledForBucket=True,
        ObjectOwnership="ObjectWriter",
        CreateBucketConfiguration={"LocationConstraint": REGION, "Tags": TAGS},
    )
    assert [a.action for a in found] == [
        "s3:CreateBucket",
        "s3:PutBucketAcl",
        "s3:PutBucketObjectLockConfiguration",
        "s3:PutBucketVersioning",
        "s3:PutBucketOwnershipControls",
        "s3:TagResource",
    ]
    assert found[0].context["s3:LocationConstraint"] == REGION
    assert found[0].context["aws:RequestTag/team"] == "churn"


@pytest.mark.parametrize("name", ["/a/b", "/a/b:3", "/a/b:label"])
def test_a_parameter_is_the_same_at_every_version(name: str) -> None:
    arn = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/a/b"
    for asked in (name, name.replace("/a/b", arn)):
        assert pairs("ssm", "GetParameter", Name=asked) == [("ssm:GetParameter", arn)]
