"""Each stage works under its own role across accounts: what a stage may do, the others may not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from compiled_world import World

from landrail.compiler import compile_platform
from landrail.resources import Wanted
from landrail.spec import Platform

CONNECTION = "arn:aws:codeconnections:eu-west-1:111122223333:connection/0f1e2d3c"
SHARED = "shared-prod"
BUCKET = "arn:aws:s3:::acme-ml-artifacts-retail-@{account:shared-prod}"


@pytest.fixture(scope="module")
def world(every_kind: Wanted) -> World:
    return World(every_kind)


def trust(world: World, account: str) -> set[str]:
    (role,) = (
        made["Properties"]
        for _, made in world.resources(account)
        if made["Properties"].get("RoleName") == "release"
    )
    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    named = statement["Principal"]["AWS"]
    return {arn.rpartition("/")[2] for arn in ([named] if isinstance(named, str) else named)}


@pytest.mark.parametrize(
    ("account", "machines"),
    [
        ("retail-data-science", {"pipeline-retail-data-science", "pipeline-retail-uat"}),
        ("retail-development", {"pipeline-retail-development", "pipeline-retail-uat"}),
        ("retail-uat", {"pipeline-retail-uat"}),
        ("retail-production", {"pipeline-retail-production"}),
    ],
)
def test_each_account_lets_in_its_own_stage(world: World, account: str, machines: set[str]) -> None:
    assert trust(world, account) == machines


@pytest.mark.parametrize(
    ("stage", "entered"),
    [
        ("data-science", {"retail-data-science"}),
        ("development", {"retail-development"}),
        ("uat", {"retail-data-science", "retail-development", "retail-uat"}),
        ("production", {"retail-production"}),
    ],
)
def test_a_stage_enters_no_other(world: World, stage: str, entered: set[str]) -> None:
    accounts = ("retail-data-science", "retail-development", "retail-uat", "retail-production")
    found = {
        account
        for account in accounts
        if world.decide(
            SHARED,
            f"pipeline-retail-{stage}",
            "sts:AssumeRole",
            f"arn:aws:iam::@{{account:{account}}}:role/landrail/release",
            owner=account,
            resource_policy=world.document_on(
                account, "AWS::IAM::Role", "AssumeRolePolicyDocument", RoleName="release"
            ),
        ).allowed
    }
    assert found == entered


def uses(world: World, role: str, **context: str) -> bool:
    keys = {f"codeconnections__{name}": value for name, value in context.items()}
    decision = world.decide(SHARED, role, "codeconnections:UseConnection", CONNECTION, **keys)
    return decision.allowed


def test_a_connection_is_used_for_one_repository_and_branch(world: World) -> None:
    role = "pipeline-retail-uat"
    assert uses(world, role, FullRepositoryId="acme/wired", BranchName="live")
    assert uses(world, role, FullRepositoryId="acme/wired")
    assert not uses(world, role, FullRepositoryId="acme/wired", BranchName="main")
    assert not uses(world, role, FullRepositoryId="acme/other", BranchName="live")
    assert not uses(world, role, BranchName="live")
    for other in ("pipeline-retail-production", "build-retail", "events-retail"):
        assert not uses(world, other, FullRepositoryId="acme/wired", BranchName="live")


def test_the_platform_hands_a_connection_to_codepipeline_alone(world: World) -> None:
    def passes(service: str) -> bool:
        return world.decide(
            SHARED,
            "platform",
            "codeconnections:PassConnection",
            CONNECTION,
            codeconnections__PassedToService=f"{service}.amazonaws.com",
        ).allowed

    assert passes("codepipeline")
    assert not passes("codebuild")


@pytest.mark.parametrize(
    ("shelf", "writer"),
    [
        ("builds", "build-retail"),
        ("trained", "pipeline-retail-uat"),
        ("registered", "pipeline-retail-uat"),
    ],
)
def test_a_shelf_has_one_writer(world: World, shelf: str, writer: str) -> None:
    machines = ["build-retail"] + [
        f"pipeline-retail-{stage}" for stage in ("data-science", "development", "uat", "production")
    ]
    policy = world.bucket_policy(SHARED, "landrail-artifacts-retail")
    found = [
        machine
        for machine in machines
        if world.decide(
            SHARED,
            machine,
            "s3:PutObject",
            f"{BUCKET}/{shelf}/all.zip",
            resource_policy=policy,
            **{"s3__x-amz-server-side-encryption": "aws:kms"},
        ).allowed
    ]
    assert found == [writer]


def test_rules_start_what_they_stand_for_and_nothing_else(world: World) -> None:
    pipelines = ("all", "all-image", "all-training", "all-registration", "all-release", "wired")
    started = {
        name
        for name in pipelines
        if world.decide(
            SHARED,
            "events-retail",
            "codepipeline:StartPipelineExecution",
            f"arn:aws:codepipeline:eu-west-1:@{{account:shared-prod}}:{name}",
        ).allowed
    }
    assert started == {"all", "all-image", "all-training"}


def test_in_development_a_pipeline_has_the_models_of_that_stage_alone(world: World) -> None:
    account = "retail-data-science"
    base = f"arn:aws:sagemaker:eu-west-1:@{{account:{account}}}"

    def may(action: str, resource: str) -> bool:
        # What guardrails ask of such requests is tried elsewhere.
        decision = world.decide(
            account, "release", f"sagemaker:{action}", f"{base}:{resource}", scps=()
        )
        return decision.allowed

    assert may("CreateTrainingJob", "training-job/all-train-1")
    assert not may("CreateTrainingJob", "training-job/wired-train-1")
    assert may("InvokeEndpoint", "endpoint/all-dev")
    assert not may("InvokeEndpoint", "endpoint/team-retail-trial")
    assert not may("CreateEndpoint", "endpoint/all-dev")
    groups = "arn:aws:sagemaker:eu-west-1:@{account:shared-prod}:model-package-group/all"
    register = world.decide(
        account, "release", "sagemaker:CreateModelPackage", groups, owner=SHARED
    )
    assert not register.allowed


def test_pipelines_of_code_are_named_beside_those_that_begin_with_a_build_alone(
    build: Callable[..., Platform],
) -> None:
    """Whose work it is stands in whichever pipeline took in the commit; a model of one pipeline has
    no other to ask."""
    models = {
        "whole": {"team": "team-retail"},
        "parts": {"team": "team-retail", "pipelines": ["image", "training"]},
    }
    made = World(compile_platform(build(["retail"], models=models)))

    def may(pipeline: str) -> bool:
        arn = f"arn:aws:codepipeline:eu-west-1:@{{account:{SHARED}}}:{pipeline}"
        action = "codepipeline:ListPipelineExecutions"
        return made.decide(SHARED, "pipeline-retail-uat", action, arn).allowed

    assert may("whole")
    assert not may("whole-image")
    assert all(may(one) for one in ("parts", "parts-image", "parts-training"))
