"""Who may do what, decided by the policy engine on the compiled documents.

Each denial stands beside its twin: the entitled role does the same, or the same role does it to
what is its own.
"""

from __future__ import annotations

from typing import Any

import pytest
from compiled_world import World

from landrail.policy import Policies, Principal, Request, authorize
from landrail.spec import Identity

PRODUCTION, UAT, SCIENCE = "retail-production", "retail-uat", "retail-data-science"
GLASS = "break-glass"
SHARED = "shared-prod"


def sagemaker(account: str, what: str) -> str:
    return f"arn:aws:sagemaker:eu-west-1:@{{account:{account}}}:{what}"


def role(account: str, name: str) -> str:
    return f"arn:aws:iam::@{{account:{account}}}:role/landrail/{name}"


Call = tuple[str, str, str, str, dict[str, Any]]

# What requests of jobs and models say, so that the guardrails hold.
HELD = {
    "sagemaker__VpcSubnets": ("subnet-1",),
    "sagemaker__NetworkIsolation": "true",
    "sagemaker__InterContainerTrafficEncryption": "true",
    "sagemaker__VolumeKmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k",
    "sagemaker__OutputKmsKeyArn": "arn:aws:kms:eu-west-1:111122223333:key/k",
}
ACTS: dict[str, tuple[Call, Call]] = {
    "an administrator releases to production": (
        (PRODUCTION, "administrator", "CreateEndpoint", sagemaker(PRODUCTION, "endpoint/m"), {}),
        (PRODUCTION, "release-stack", "CreateEndpoint", sagemaker(PRODUCTION, "endpoint/m"), {}),
    ),
    "the platform role releases to production": (
        (PRODUCTION, "platform", "CreateModel", sagemaker(PRODUCTION, "model/m"), HELD),
        (PRODUCTION, "release-stack", "CreateModel", sagemaker(PRODUCTION, "model/m"), HELD),
    ),
    "an MLOps engineer updates the endpoint": (
        (
            PRODUCTION,
            "mlops-team-retail",
            "UpdateEndpoint",
            sagemaker(PRODUCTION, "endpoint/m"),
            {},
        ),
        (
            PRODUCTION,
            "mlops-team-retail",
            "DescribeEndpoint",
            sagemaker(PRODUCTION, "endpoint/m"),
            {},
        ),
    ),
    "a data scientist stops a job in UAT": (
        (
            UAT,
            "data-scientist-team-retail",
            "StopTrainingJob",
            sagemaker(UAT, "training-job/m"),
            {},
        ),
        (
            SCIENCE,
            "data-scientist-team-retail",
            "StopTrainingJob",
            sagemaker(SCIENCE, "training-job/team-retail-1"),
            {},
        ),
    ),
    "a data scientist changes another team's endpoint": (
        (
            SCIENCE,
            "data-scientist-team-retail",
            "DeleteEndpoint",
            sagemaker(SCIENCE, "endpoint/other-1"),
            {},
        ),
        (
            SCIENCE,
            "data-scientist-team-retail",
            "DeleteEndpoint",
            sagemaker(SCIENCE, "endpoint/team-retail-1"),
            {},
        ),
    ),
    "an administrator runs a job in UAT": (
        (UAT, "administrator", "CreateProcessingJob", sagemaker(UAT, "processing-job/x"), HELD),
        (UAT, "release", "CreateProcessingJob", sagemaker(UAT, "processing-job/x"), HELD),
    ),
    "a pipeline trains in production": (
        (PRODUCTION, "release", "CreateTrainingJob", sagemaker(PRODUCTION, "training-job/x"), HELD),
        (UAT, "release", "CreateTrainingJob", sagemaker(UAT, "training-job/x"), HELD),
    ),
    "a pipeline scores in UAT": (
        (UAT, "release", "CreateTransformJob", sagemaker(UAT, "transform-job/x"), HELD),
        (
            PRODUCTION,
            "release",
            "CreateTransformJob",
            sagemaker(PRODUCTION, "transform-job/x"),
            HELD,
        ),
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_models_are_changed_by_their_pipeline_alone(world: World, act: str) -> None:
    denied, allowed = ACTS[act]
    for call, expected in ((denied, False), (allowed, True)):
        account, who, action, resource, context = call
        decision = world.decide(account, who, f"sagemaker:{action}", resource, **context)
        assert decision.allowed is expected, decision.reason


@pytest.mark.parametrize(
    "action", ["CreateRole", "UpdateAssumeRolePolicy", "PutRolePolicy", "DeleteRole", "TagRole"]
)
@pytest.mark.parametrize("name", ["platform", "release", "break-glass"])
def test_nobody_but_the_platform_makes_machine_roles(world: World, action: str, name: str) -> None:
    target = role(PRODUCTION, name)
    by_admin = world.decide(PRODUCTION, "administrator", f"iam:{action}", target)
    assert not by_admin.allowed
    assert "landrail-root" in by_admin.policy.name
    assert world.decide(PRODUCTION, "platform", f"iam:{action}", target).allowed
    own = "arn:aws:iam::@{account:retail-production}:role/my-own"
    assert world.decide(PRODUCTION, "administrator", f"iam:{action}", own).allowed


def test_the_role_of_the_vending_cannot_be_taken(world: World) -> None:
    vending = "arn:aws:iam::@{account:retail-uat}:role/OrganizationAccountAccessRole"
    for action in ("iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:PassRole"):
        assert not world.decide(UAT, "administrator", action, vending).allowed


def test_machine_roles_are_not_passed_on(world: World) -> None:
    job, context = role(UAT, "job"), {"iam__PassedToService": "sagemaker.amazonaws.com"}
    assert not world.decide(UAT, "administrator", "iam:PassRole", job, **context).allowed
    assert world.decide(UAT, "release", "iam:PassRole", job, **context).allowed
    model = role(UAT, "model")
    assert world.decide(UAT, "release-stack", "iam:PassRole", model, **context).allowed
    assert not world.decide(UAT, "release-stack", "iam:PassRole", job, **context).allowed
    to_lambda = {"iam__PassedToService": "lambda.amazonaws.com"}
    assert not world.decide(UAT, "release", "iam:PassRole", job, **to_lambda).allowed
    pipeline = role(SHARED, "pipeline-retail-production")
    builds = {"iam__PassedToService": "codebuild.amazonaws.com"}
    assert not world.decide(SHARED, "administrator", "iam:PassRole", pipeline, **builds).allowed
    assert world.decide(SHARED, "platform", "iam:PassRole", pipeline, **builds).allowed


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        (
            "cloudtrail:StopLogging",
            "arn:aws:cloudtrail:eu-west-1:@{account:management}:trail/landrail",
        ),
        ("organizations:LeaveOrganization", "*"),
        ("organizations:DetachPolicy", "*"),
        ("config:StopConfigurationRecorder", "*"),
        ("config:DeleteConfigRule", "*"),
        ("s3:PutAccountPublicAccessBlock", "*"),
        ("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::whatever"),
        ("s3:PutBucketPolicy", "arn:aws:s3:::acme-ml-stage-@{account:retail-uat}"),
        ("s3:PutBucketVersioning", "arn:aws:s3:::acme-ml-stage-@{account:retail-uat}"),
        ("s3:PutEncryptionConfiguration", "arn:aws:s3:::whatever"),
        ("iam:CreateOpenIDConnectProvider", "*"),
        ("sts:AssumeRole", "arn:aws:iam::@{account:retail-uat}:role/landrail/release"),
    ],
)
def test_guardrails_hold_against_an_administrator(world: World, action: str, resource: str) -> None:
    decision = world.decide(UAT, "administrator", action, resource)
    assert not decision.allowed
    assert decision.layer is not None
    assert decision.layer.value == "scp"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:CreateBucket", "arn:aws:s3:::my-own"),
        ("s3:PutBucketPolicy", "arn:aws:s3:::my-own"),
        ("cloudtrail:LookupEvents", "*"),
        ("ec2:RunInstances", "*"),
        ("iam:CreateRole", "arn:aws:iam::@{account:retail-uat}:role/own"),
    ],
)
def test_an_administrator_does_everything_else(world: World, action: str, resource: str) -> None:
    assert world.decide(UAT, "administrator", action, resource).allowed


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("s3:PutBucketVersioning", "arn:aws:s3:::acme-ml-stage-@{account:retail-uat}"),
        ("s3:PutBucketPublicAccessBlock", "arn:aws:s3:::acme-ml-stage-@{account:retail-uat}"),
        ("iam:CreateRole", "arn:aws:iam::@{account:retail-uat}:role/landrail/release"),
        (
            "sagemaker:DeleteEndpoint",
            "arn:aws:sagemaker:eu-west-1:@{account:retail-uat}:endpoint/m",
        ),
    ],
)
def test_break_glass_is_not_locked_out(world: World, action: str, resource: str) -> None:
    assert world.decide(UAT, "break-glass", action, resource).allowed


def test_other_regions_are_closed_but_global_services_are_not(world: World) -> None:
    there = {"aws__RequestedRegion": "us-east-1"}
    assert not world.decide(UAT, "administrator", "ec2:RunInstances", "*", **there).allowed
    assert not world.decide(UAT, "administrator", "s3:CreateBucket", "*", **there).allowed
    assert world.decide(UAT, "administrator", "iam:ListRoles", "*", **there).allowed
    assert world.decide(UAT, "administrator", "ec2:RunInstances", "*").allowed


def test_objects_are_not_opened_to_everybody(world: World) -> None:
    own = "arn:aws:s3:::my-own/x"
    public = {"s3__x-amz-acl": "public-read"}
    assert not world.decide(UAT, "administrator", "s3:PutObject", own, **public).allowed
    grant = {"s3__x-amz-grant-read": 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'}
    assert not world.decide(UAT, "administrator", "s3:PutObject", own, **grant).allowed
    assert world.decide(UAT, "administrator", "s3:PutObject", own).allowed
    private = {"s3__x-amz-acl": "private"}
    assert world.decide(UAT, "administrator", "s3:PutObject", own, **private).allowed


def test_only_the_release_pipeline_approves(world: World) -> None:
    version = f"arn:aws:sagemaker:eu-west-1:@{{account:{SHARED}}}:model-package/model-retail/1"
    approved = {"sagemaker__ModelApprovalStatus": "Approved"}
    for who in ("administrator", "mlops-team-retail", "pipeline-retail-uat"):
        call = world.decide(SHARED, who, "sagemaker:UpdateModelPackage", version, **approved)
        assert not call.allowed
    call = world.decide(
        SHARED, "pipeline-retail-production", "sagemaker:UpdateModelPackage", version, **approved
    )
    assert call.allowed


def test_only_the_platform_changes_pipelines_and_only_engineers_approve(world: World) -> None:
    project = f"arn:aws:codebuild:eu-west-1:@{{account:{SHARED}}}:project/model-retail-approve"
    for action in ("codebuild:UpdateProject", "codebuild:StartBuild"):
        assert not world.decide(SHARED, "administrator", action, project).allowed
    assert world.decide(SHARED, "platform", "codebuild:UpdateProject", project).allowed
    assert world.decide(
        SHARED, "pipeline-retail-production", "codebuild:StartBuild", project
    ).allowed
    pipeline = f"arn:aws:codepipeline:eu-west-1:@{{account:{SHARED}}}:model-retail-release"
    approval = f"{pipeline}/Approval/Approve"
    put = "codepipeline:PutApprovalResult"
    assert not world.decide(SHARED, "administrator", put, approval).allowed
    assert not world.decide(SHARED, "data-scientist-team-retail", put, approval).allowed
    assert not world.decide(SHARED, "mlops-team-risk", put, approval).allowed
    assert world.decide(SHARED, "mlops-team-retail", put, approval).allowed


def test_a_release_role_is_entered_by_the_pipeline_of_its_stage_alone(world: World) -> None:
    release = role(PRODUCTION, "release")
    trust = world.document_on(
        PRODUCTION, "AWS::IAM::Role", "AssumeRolePolicyDocument", RoleName="release"
    )

    def enters(account: str, who: str) -> bool:
        return world.decide(
            account, who, "sts:AssumeRole", release, owner=PRODUCTION, resource_policy=trust
        ).allowed

    assert enters(SHARED, "pipeline-retail-production")
    assert not enters(SHARED, "pipeline-retail-uat")
    assert not enters(SHARED, "pipeline-risk-production")
    assert not enters(SHARED, "administrator")
    assert not enters(PRODUCTION, "administrator")


@pytest.mark.parametrize(
    ("subject", "session", "mfa", "expected"),
    [
        ("bea", "bea", ("pwd", "mfa"), True),
        ("bea", "bea", ("pwd",), False),
        ("bea", "ana.retail", ("pwd", "mfa"), False),
        ("ana.retail", "ana.retail", ("pwd", "mfa"), False),
    ],
)
def test_break_glass_is_entered_by_its_people_under_their_own_names(
    world: World, subject: str, session: str, mfa: tuple[str, ...], expected: bool
) -> None:
    issuer = "identity.landrail.local"
    trust = world.document_on(UAT, "AWS::IAM::Role", "AssumeRolePolicyDocument", RoleName=GLASS)
    number = world.ids[UAT]
    provider = f"arn:aws:iam::{number}:oidc-provider/{issuer}"
    request = Request(
        Principal("web", provider, None),
        "sts:AssumeRoleWithWebIdentity",
        f"arn:aws:iam::{number}:role/landrail/{GLASS}",
        number,
        {
            f"{issuer}:aud": Identity().audience,
            f"{issuer}:sub": subject,
            f"{issuer}:amr": mfa,
            "sts:RoleSessionName": session,
        },
    )
    assert authorize(request, Policies(resource=trust)).allowed is expected


def test_a_suspended_account_does_nothing(world: World) -> None:
    scps = (*world.scps(UAT), world.level("ou/Suspended"))
    for who in ("administrator", "break-glass", "platform", "release"):
        decision = world.decide(UAT, who, "iam:ListRoles", "*", scps=scps)
        assert not decision.allowed
        assert world.decide(UAT, "administrator", "iam:ListRoles", "*").allowed
