"""How a model stands: its pipelines now, the versions of its registry, what is live in production.

What the person may not read, or what is not there yet, is told as a reason and not left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from landrail.aws.errors import CallError, failure, message
from landrail.aws.sessions import Identity
from landrail.compiler import site
from landrail.operations.runs.lines import last_words
from landrail.operations.runs.opened import Opened
from landrail.operations.runs.state import (
    ActionRun,
    Approval,
    Run,
    actions,
    approvals,
    runs,
)

_PACKAGE_TAG = "landrail:model-package"


@dataclass(frozen=True, slots=True)
class Pipelined:
    """A pipeline now: its newest execution with its actions, the approvals that wait, and the last
    words of the action that failed."""

    name: str
    stages: tuple[str, ...]
    run: Run | None
    actions: tuple[ActionRun, ...]
    approvals: tuple[Approval, ...]
    last_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Live:
    """What serves in production: the endpoint's status, its image by digest, its version's ARN."""

    status: str
    image: str
    package: str


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it; `versions` are number and approval status, newest first. `live` is a reason where
    nothing serves or it could not be read."""

    pipelines: tuple[Pipelined, ...]
    versions: tuple[tuple[int, str], ...]
    live: Live | str


def standing(opened: Opened) -> Standing:
    """Read how a model stands; raises Failure."""
    try:
        return Standing(
            tuple(_pipelined(opened)),
            _versions(opened),
            _live(opened),
        )
    except CallError as error:
        raise failure(error, f"reading the pipelines of {opened.model}") from error


def _pipelined(opened: Opened) -> list[Pipelined]:
    found = []
    for pipeline in opened.pipelines:
        latest = next(iter(runs(opened, pipeline, 1)), None)
        done = actions(opened, pipeline.name, latest.execution) if latest else []
        waits = tuple(approvals(opened, pipeline))
        failed = done[-1] if done and done[-1].status == "Failed" else None
        said = last_words(opened, failed) if failed else ()
        found.append(Pipelined(pipeline.name, pipeline.stages, latest, tuple(done), waits, said))
    return found


def _versions(opened: Opened) -> tuple[tuple[int, str], ...]:
    told = opened.call(
        "sagemaker",
        "ListModelPackages",
        ModelPackageGroupName=site.model_name(opened.model),
        SortBy="CreationTime",
        SortOrder="Descending",
        MaxResults=10,
    )
    return tuple(
        (int(one["ModelPackageVersion"]), str(one["ModelApprovalStatus"]))
        for one in told["ModelPackageSummaryList"]
    )


def _live(opened: Opened) -> Live | str:
    if "online" not in opened.project.document.models[opened.model].serve:
        return "it serves no endpoint"
    entered = opened.stage("production")
    if entered is None:
        if opened.local is None:
            return "sign in to the production account to see it"
        return f"{opened.role} does not see production"
    account, who = entered
    name = site.model_name(opened.model)
    try:
        endpoint = _asked(opened, who, "DescribeEndpoint", EndpointName=name)
        config = _asked(
            opened,
            who,
            "DescribeEndpointConfig",
            EndpointConfigName=endpoint["EndpointConfigName"],
        )
        model = _asked(
            opened, who, "DescribeModel", ModelName=config["ProductionVariants"][0]["ModelName"]
        )
        tags = _asked(opened, who, "ListTags", ResourceArn=model["ModelArn"])["Tags"]
    except CallError as error:
        if "Could not find" in message(error):
            return f"nothing serves in {account} yet"
        return message(error)
    image = endpoint["ProductionVariants"][0]["DeployedImages"][0]["ResolvedImage"]
    package = next((str(tag["Value"]) for tag in tags if tag["Key"] == _PACKAGE_TAG), "")
    return Live(str(endpoint["EndpointStatus"]), str(image), package)


def _asked(opened: Opened, who: Identity, operation: str, **given: Any) -> dict[str, Any]:
    return opened.connection.call(who, "sagemaker", operation, **given)
