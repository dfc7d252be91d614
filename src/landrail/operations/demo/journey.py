"""A model's journey through the pipelines, and its lineage read back from the accounts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from landrail.diagnostics import Failure
from landrail.operations.demo import science
from landrail.operations.demo.cast import Actor, Cast
from landrail.operations.demo.facts import MODEL, PRODUCTION, SCIENCE, SHARED, Facts
from landrail.operations.demo.watching import Watcher
from landrail.operations.runs.following import Follower

Part = Callable[[str, str], AbstractContextManager[None]]
RELEASE = f"{MODEL}-release"
_COMMENT = "metrics and the staging test seen"


@dataclass(frozen=True, slots=True)
class Travelled:
    """Where the model came through, each by what names it for any client."""

    execution: str
    release_execution: str
    experiment: str
    training_job: str
    image: str
    package: str
    approval: str
    metrics: dict[str, float]
    endpoint_config: str


def executions(cast: Cast) -> frozenset[str]:
    """Return the executions there are; a new pipeline has one already, which found no commit."""
    dee = cast.actor("dee", SHARED)
    return frozenset(
        execution
        for pipeline in (MODEL, RELEASE)
        for execution in Follower(dee, pipeline, lambda _: None).executions()
    )


def travel(
    cast: Cast, facts: Facts, watcher: Watcher, part: Part, known: frozenset[str]
) -> Travelled:
    """Follow the pushed commit to production: build, training, approval, release. `known` are the
    executions from before the push."""
    dee = cast.actor("dee", SHARED)
    follower = Follower(dee, MODEL, watcher.told)
    with part("build", "the pipeline tests the commit and builds an image, named by digest"):
        execution = follower.newest(known)
        follower.past("Build", execution)
        image = newest_image(dee)
    with part("train", "training in UAT on granted data, gate, registry, staging endpoint"):
        watcher.command(f"landrail as ana@{SCIENCE} -- aws sagemaker create-training-job …")
        experiment = science.experiment(cast.actor("ana", SCIENCE), facts, image)
        follower.end(execution)
    with part("release", "an MLOps engineer approves; the release pipeline deploys and scores"):
        released = release(dee, watcher, known)
    package = newest_package(dee)
    config = cast.actor("dee", PRODUCTION).call(
        "sagemaker", "DescribeEndpoint", EndpointName=MODEL
    )["EndpointConfigName"]
    told = package["CustomerMetadataProperties"]
    return Travelled(
        execution=execution,
        release_execution=released,
        experiment=experiment,
        training_job=told["training-job"],
        image=image,
        package=package["ModelPackageArn"],
        approval=package.get("ApprovalDescription", ""),
        metrics={name: float(told[name]) for name in ("auc", "baseline")},
        endpoint_config=config,
    )


def release(dee: Actor, watcher: Watcher, known: frozenset[str]) -> str:
    """Approve the release that is not among the `known` and see it through; return its id."""
    follower = Follower(dee, RELEASE, watcher.told)
    execution = follower.newest(known)
    waiting = follower.approval(execution)
    watcher.command(
        f"landrail as dee@{SHARED} -- aws codepipeline put-approval-result "
        f"--pipeline-name {RELEASE} …"
    )
    dee.call(
        "codepipeline",
        "PutApprovalResult",
        pipelineName=RELEASE,
        stageName=waiting.stage,
        actionName=waiting.action,
        token=waiting.token,
        result={"status": "Approved", "summary": _COMMENT},
    )
    follower.end(execution)
    return execution


def newest_image(dee: Actor) -> str:
    """Return the newest image of the model's repository, by digest."""
    found = dee.call("ecr", "DescribeImages", repositoryName=MODEL)["imageDetails"]
    if not found:
        raise Failure(f"the repository {MODEL} holds no image")
    newest = max(found, key=lambda image: image["imagePushedAt"])
    repository = dee.call("ecr", "DescribeRepositories", repositoryNames=[MODEL])["repositories"][0]
    return f"{repository['repositoryUri']}@{newest['imageDigest']}"


def newest_package(dee: Actor) -> dict[str, Any]:
    """Return the newest version in the model's package group, described."""
    newest = {"SortBy": "CreationTime", "SortOrder": "Descending"}
    listed = dee.call("sagemaker", "ListModelPackages", ModelPackageGroupName=MODEL, **newest)[
        "ModelPackageSummaryList"
    ]
    if not listed:
        raise Failure(f"the model package group {MODEL} is empty")
    return dee.call(
        "sagemaker", "DescribeModelPackage", ModelPackageName=listed[0]["ModelPackageArn"]
    )
