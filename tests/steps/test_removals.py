"""What the engine says of a grant that is taken away is what happens: the pipeline really fails at
that step for want of that action, and goes on from there once the grant is back."""

from __future__ import annotations

import pytest

from tests.steps.grants import Where
from tests.steps.removing import without
from tests.steps.steps_world import SHARED, Steps

pytestmark = pytest.mark.xdist_group("steps")

_LAKE, _ARTIFACTS = "bucket steps-lake-numbers", "bucket steps-artifacts-retail"
_DATA_KEY = "key alias/landrail/dataset-numbers@data-prod"
_SHARED_KEY = "key alias/landrail/artifacts-retail@shared-prod"
_MODEL, _RELEASE = "model@retail-production", "release@retail-production"
_WALK = f"pipeline-retail-production@{SHARED}"

# What is removed, the action that is then denied.
SCORING: list[tuple[Where, str]] = [
    ((_DATA_KEY, "Granted"), "kms:Decrypt"),
    ((f"trust of {_RELEASE}", "1"), "sts:AssumeRole"),
]
MORE_SCORING: list[tuple[Where, str]] = [
    ((_LAKE, "Granted"), "s3:ListBucket"),
    ((_MODEL, "ReadGranted"), "s3:GetObject"),
    ((_MODEL, "ListGranted"), "s3:ListBucket"),
    ((_MODEL, "DecryptGranted1"), "kms:Decrypt"),
    ((_ARTIFACTS, "Models"), "s3:GetObject"),
    ((_SHARED_KEY, "Models"), "kms:Decrypt"),
    ((_MODEL, "ReadModels"), "s3:GetObject"),
    ((_MODEL, "ModelsKey"), "kms:Decrypt"),
    ((_MODEL, "PullImages"), "ecr:BatchGetImage"),
    ((_MODEL, "ImageToken"), "ecr:GetAuthorizationToken"),
    (("images tiny", "Pull"), "ecr:BatchGetImage"),
    ((_MODEL, "UseBatch"), "s3:PutObject"),
    ((_RELEASE, "ChangeJobs"), "sagemaker:CreateTransformJob"),
    ((_RELEASE, "ModelStacks"), "cloudformation:DescribeStacks"),
    ((_WALK, "Release"), "sts:AssumeRole"),
    ((_WALK, "RunBuilds"), "codebuild:StartBuild"),
]


@pytest.mark.parametrize(("where", "action"), SCORING, ids=[w[0] for w, _ in SCORING])
def test_scoring_fails_without_a_grant_and_goes_on_with_it(
    steps: Steps, where: Where, action: str
) -> None:
    _fails_and_goes_on(steps, where, action, "tiny-batch", "Batch")


@pytest.mark.soak
@pytest.mark.parametrize(
    ("where", "action"), MORE_SCORING, ids=[" ".join(w) for w, _ in MORE_SCORING]
)
def test_scoring_needs_each_grant(steps: Steps, where: Where, action: str) -> None:
    _fails_and_goes_on(steps, where, action, "tiny-batch", "Batch")


_BUILD, _UAT = f"build-retail@{SHARED}", f"pipeline-retail-uat@{SHARED}"
_STAGING = "release@retail-uat"
ON_THE_WAY: list[tuple[Where, str, str]] = [
    ((_UAT, "Source"), "codecommit:GetBranch", "Source"),
    ((f"trust of {_BUILD}", "1"), "sts:AssumeRole", "Build"),
    ((_BUILD, "PushImages"), "ecr:BatchCheckLayerAvailability", "Build"),
    ((_BUILD, "PublishPackages"), "codeartifact:PublishPackageVersion", "Build"),
    ((_STAGING, "ChangeJobs"), "sagemaker:CreateTrainingJob", "Train"),
    ((_STAGING, "PassExecutionRoles"), "iam:PassRole", "Train"),
    (("job@retail-uat", "ReadGranted"), "s3:GetObject", "Train"),
    ((_STAGING, "PublishModels"), "s3:PutObject", "Train"),
    ((_STAGING, "Register"), "sagemaker:CreateModelPackage", "Train"),
    (("versions tiny", "Register"), "sagemaker:", "Train"),
    ((_STAGING, "PassStackRole"), "iam:PassRole", "Staging"),
    (("release-stack@retail-uat", "ChangeModels"), "sagemaker:CreateModel", "Staging"),
    ((_STAGING, "Invoke"), "sagemaker:InvokeEndpoint", "Staging"),
    ((_UAT, "Propose"), "codepipeline:StartPipelineExecution", "Staging"),
]


@pytest.mark.soak
@pytest.mark.parametrize(
    ("where", "action", "stage"), ON_THE_WAY, ids=[" ".join(w) for w, *_ in ON_THE_WAY]
)
def test_each_step_needs_its_grants(steps: Steps, where: Where, action: str, stage: str) -> None:
    _fails_and_goes_on(steps, where, action, "tiny", stage)


def _fails_and_goes_on(steps: Steps, where: Where, action: str, pipeline: str, stage: str) -> None:
    with without(steps, where):
        execution = steps.start(pipeline)
        assert steps.end(pipeline, execution) == "Failed", where
        failed = [
            one["stageName"]
            for one in steps.actions(pipeline, execution)
            if one["status"] == "Failed"
        ]
        assert failed == [stage], (where, steps.why(pipeline, execution))
        assert action in steps.why(pipeline, execution)
    steps.client(f"dee@{SHARED}", "codepipeline").retry_stage_execution(
        pipelineName=pipeline,
        stageName=stage,
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    steps.again(pipeline, execution)
