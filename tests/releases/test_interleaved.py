"""Two teams of two lines at once: every commit goes all the way, in order, in its own accounts, and
the trail shows no machine of one line or model touching what is another's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.releases.lines_world import DATASET, MODELS, Lines, border_of, patiently, two_lines

pytestmark = pytest.mark.xdist_group("interleaved-releases")

_MACHINE = re.compile(r":assumed-role/(build|pipeline|release|release-stack|job|model)\b")
_STAGES = ["Source", "Build", "Train", "Staging"]


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lines]:
    with two_lines(tmp_path_factory.mktemp("interleaved")) as world:
        yield world


@pytest.mark.soak
@pytest.mark.parametrize(("models", "rounds"), [(("alpha", "delta"), 1), (tuple(MODELS), 5)])
def test_every_commit_goes_its_own_way(lines: Lines, models: tuple[str, ...], rounds: int) -> None:
    before = {model: len(_versions(lines, model)) for model in models}
    copies = {
        model: lines.folder / model if (lines.folder / model).exists() else lines.started(model)
        for model in models
    }
    commits: dict[str, list[str]] = {model: [] for model in models}
    for number in range(rounds):
        for order, model in enumerate(models):
            commits[model].append(lines.send(copies[model], 20 + 10 * number + order))
    released = patiently(lambda: _released(lines, commits))
    for model in models:
        _in_order(lines, model, commits[model])
        versions = _versions(lines, model)[before[model] :]
        told = [one["CustomerMetadataProperties"]["commit"] for one in versions]
        assert told == commits[model], "registered in the order of the commits"
        assert {one["ModelApprovalStatus"] for one in versions} == {"Approved"}
        assert released[model] == rounds
        order = models.index(model)
        last = 20 + 10 * (rounds - 1) + order
        assert lines.border(model) == border_of(last)
    _no_cross_talk(lines)


def _released(lines: Lines, commits: dict[str, list[str]]) -> dict[str, int] | None:
    """Approve what waits; return how many of each model are released once all are."""
    found = {}
    for model, pushed in commits.items():
        if waiting := lines.waits(model):
            lines.accept(model, waiting[1])
        for pipeline in (model, f"{model}-release"):
            for one in lines.of(model, pipeline):
                begun = one["trigger"]["triggerType"] != "CreatePipeline"
                assert not (begun and one["status"] in ("Failed", "Superseded")), lines.acts(
                    model, pipeline, one["pipelineExecutionId"]
                )
        done = [one for one in _own(lines, model, pushed) if one["status"] == "Succeeded"]
        over = [one for one in lines.of(model, f"{model}-release") if one["status"] == "Succeeded"]
        found[model] = len(pushed) if len(done) == len(pushed) and len(over) >= len(pushed) else 0
    return found if all(found.values()) else None


def _own(lines: Lines, model: str, pushed: list[str]) -> list[dict[str, Any]]:
    """The executions of commits, in the order in which they began."""
    return [
        one
        for one in lines.of(model, model)
        if {each["revisionId"] for each in one.get("sourceRevisions", ())} & set(pushed)
    ]


def _in_order(lines: Lines, model: str, pushed: list[str]) -> None:
    executions = _own(lines, model, pushed)
    assert [one["sourceRevisions"][0]["revisionId"] for one in executions] == pushed
    ended = None
    for one in executions:
        acts = lines.acts(model, model, one["pipelineExecutionId"])
        stages = list(dict.fromkeys(act["stageName"] for act in acts))
        assert stages == _STAGES
        for earlier, later in pairwise(acts):
            assert earlier["lastUpdateTime"] <= later["startTime"]
        staged = next(act for act in acts if act["stageName"] == "Staging")
        assert ended is None or ended <= staged["startTime"], "one at a time in a stage"
        ended = acts[-1]["lastUpdateTime"]


def _versions(lines: Lines, model: str) -> list[dict[str, Any]]:
    sagemaker = lines.mlops(model, "sagemaker")
    found = sagemaker.list_model_packages(
        ModelPackageGroupName=model, SortBy="CreationTime", SortOrder="Ascending", MaxResults=100
    )["ModelPackageSummaryList"]
    return [
        sagemaker.describe_model_package(ModelPackageName=one["ModelPackageArn"]) for one in found
    ]


def _no_cross_talk(lines: Lines) -> None:
    """Look at every call that machines made, in every account."""
    seen = 0
    for account in lines.platform.ids:
        if not account.startswith(("retail-", "cargo-", "shared-")):
            continue
        for event in _events(lines, account):
            who = event["userIdentity"].get("arn", "")
            if not _MACHINE.search(who):
                continue
            seen += 1
            home = account.partition("-")[0]
            line = _line_of(lines, who) or home
            assert home in (line, "shared"), f"{who} in {account}: {event['eventName']}"
            others = {
                name
                for name, lob in MODELS.items()
                if lob != line and _names(name, event.get("requestParameters"))
            }
            assert not others, f"{who} named {others}: {event['eventName']}"
            wrong = {data for lob, data in DATASET.items() if lob != line}
            text = json.dumps(event.get("requestParameters"))
            assert not any(f"lake-{data}" in text for data in wrong), text
            model = _model_of(who)
            if model:
                siblings = {
                    name
                    for name in MODELS
                    if name != model and _names(name, event.get("requestParameters"))
                }
                assert not siblings, f"{who} named {siblings}: {event['eventName']}"
    assert seen > 100


def _events(lines: Lines, account: str) -> Iterator[dict[str, Any]]:
    pages = lines.client(f"audrey@{account}", "cloudtrail").get_paginator("lookup_events")
    for page in pages.paginate(PaginationConfig={"PageSize": 50}):
        for event in page["Events"]:
            yield json.loads(event["CloudTrailEvent"])


def _line_of(lines: Lines, who: str) -> str | None:
    """The line of business that a machine is of: by its account, its role or its session."""
    for account, number in lines.platform.ids.items():
        if number == who.split(":")[4] and account.startswith(("retail-", "cargo-")):
            return account.partition("-")[0]
    for lob in ("retail", "cargo"):
        if re.search(rf"/(build|pipeline)-{lob}\b", who):
            return lob
    model = _model_of(who)
    return MODELS[model] if model else None


def _model_of(who: str) -> str | None:
    """The model that a session of a release role is of."""
    session = who.rpartition("/")[2]
    return next((name for name in MODELS if session.startswith(f"{name}-")), None)


def _names(model: str, parameters: Any) -> bool:
    """Whether parameters name a model's resources."""
    return bool(re.search(rf"\b{model}(-|/|\"|:|@|$)", json.dumps(parameters or {})))
