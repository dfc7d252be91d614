"""A local AWS killed again and again in the middle of releases: each ends right, one version at a
time, and no answer to an approval is lost."""

from __future__ import annotations

import itertools
import json
import random
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from code_people import until
from code_workshop import Workshop, action
from pipeline_lines import approvals
from pipeline_site import NAME, Launch, Site


def _release() -> dict[str, Any]:
    return action(
        "Deploy",
        "CloudFormation",
        "Stack",
        namespace="Out",
        configuration={
            "ActionMode": "CREATE_UPDATE",
            "StackName": NAME,
            "TemplatePath": "Code::template.json",
            "ParameterOverrides": json.dumps({"Word": "#{Source.CommitId}"}),
        },
        inputArtifacts=[{"name": "Code"}],
    )


def _answer(shop: Workshop, given: dict[str, str]) -> None:
    """Approve what waits, and remember what was acknowledged."""
    for one in shop.client.get_pipeline_state(name=NAME)["stageStates"]:
        for each in one["actionStates"]:
            token = each.get("latestExecution", {}).get("token")
            if one["stageName"] == "Approval" and token and token not in given:
                shop.answer(token)
                given[token] = one["latestExecution"]["pipelineExecutionId"]


def _live_through(site: Site, kills: int, seed: int) -> None:
    """Commit and approve while the server is killed, until every release is over."""
    chance = random.Random(seed)
    site.set_up(
        approvals("Approval", "Approve"),
        {"name": "Release", "actions": [_release()]},
        executionMode="QUEUED",
    )
    given: dict[str, str] = {}
    started = [site.shop.first()]
    for number in range(kills):
        deadline = time.monotonic() + chance.uniform(0.05, 2.5)
        while time.monotonic() < deadline:
            _answer(site.shop, given)
        site.kill()
        if number < 2:
            # A commit of the killed server's time may or may not have been made: ask for one more.
            site.shop.commit(f"word-{number + 2}")
            started.append(site.shop.start())

    def over() -> bool:
        _answer(site.shop, given)
        found = site.shop.client.list_pipeline_executions(pipelineName=NAME)
        statuses = {one["status"] for one in found["pipelineExecutionSummaries"]}
        return statuses <= {"Succeeded", "Failed"}

    until(over, 180)
    shop = site.shop
    found = shop.client.list_pipeline_executions(pipelineName=NAME)
    ended = {
        one["pipelineExecutionId"]: one["status"] for one in found["pipelineExecutionSummaries"]
    }
    assert set(ended) == set(started)
    _judge(shop, ended, given)


def _judge(shop: Workshop, ended: dict[str, str], given: dict[str, str]) -> None:
    spans = []
    for execution, status in ended.items():
        actions = shop.actions(execution)
        assert status == "Succeeded", [one["output"] for one in actions.values()]
        approve = actions["Approve"]
        assert approve["output"]["executionResult"]["externalExecutionSummary"] == "looks right"
        tries = shop.client.list_action_executions(
            pipelineName=NAME, filter={"pipelineExecutionId": execution}
        )["actionExecutionDetails"]
        assert len(tries) == 3, "an action was begun twice"
        spans.append((actions["Stack"]["startTime"], actions["Stack"]["lastUpdateTime"]))
    assert len(given) == len(set(given.values())), "an approval was asked for twice"
    spans.sort()
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
    tip = shop.person.client("codecommit").get_branch(repositoryName=NAME, branchName="main")
    outputs = shop.person.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"][0]
    [name] = [one["OutputValue"] for one in outputs["Outputs"]]
    value = shop.person.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]
    assert value == tip["branch"]["commitId"], "what is live is not the latest release"


def test_releases_survive_kills(launch: Launch, tmp_path: Path) -> None:
    _live_through(Site(launch, tmp_path), 2, 7)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_releases_survive_many_kills(launch: Launch, tmp_path: Path, seed: int) -> None:
    _live_through(Site(launch, tmp_path), 10, seed)


def test_an_approval_that_nobody_answers_fails_its_stage(launch: Launch, tmp_path: Path) -> None:
    site = Site(launch, tmp_path)
    stage = approvals("Approval", "Approve")
    stage["actions"][0]["timeoutInMinutes"] = 5
    shop = site.set_up(stage)
    execution = shop.first()
    token = shop.approval(execution)

    def a_while_ago(document: dict[str, Any]) -> None:
        for one in document["actions"]:
            if one["action"] == "Approve":
                assert 295 < one["expires"] - one["started"] < 305
                one["started"] -= 301
                one["expires"] -= 301

    site.change_documents(a_while_ago)
    shop = site.shop
    assert shop.over(execution) == "Failed"
    error = shop.actions(execution)["Approve"]["output"]["executionResult"]["errorDetails"]
    assert error == {"code": "ActionTimeout", "message": "The approval was not answered in time"}
    with pytest.raises((ClientError, BotoCoreError)) as late:
        shop.answer(token)
    assert "InvalidApprovalTokenException" in str(late.value)
    shop.client.retry_stage_execution(
        pipelineName=NAME,
        stageName="Approval",
        pipelineExecutionId=execution,
        retryMode="FAILED_ACTIONS",
    )
    fresh = shop.approval(execution)
    assert fresh != token
    with pytest.raises(ClientError):
        shop.answer(token)
    shop.answer(fresh)
    assert shop.over(execution) == "Succeeded"


def test_a_change_set_that_was_executed_before_a_kill_counts(
    launch: Launch, tmp_path: Path
) -> None:
    site = Site(launch, tmp_path)
    make, execute = _release(), _release()
    named = {"ChangeSetName": "next", "StackName": NAME}
    make["configuration"] |= {"ActionMode": "CHANGE_SET_REPLACE", **named}
    execute["configuration"] = {"ActionMode": "CHANGE_SET_EXECUTE", **named}
    execute |= {"name": "Execute", "runOrder": 2, "inputArtifacts": []}
    del make["namespace"]
    shop = site.set_up({"name": "Release", "actions": [make, execute]})
    execution = shop.first()
    assert shop.over(execution) == "Succeeded", shop.actions(execution)

    def as_a_kill_leaves_it(document: dict[str, Any]) -> None:
        document |= {"status": "InProgress", "place": {"stage": "Release", "phase": "acting"}}
        document["stages"]["Release"]["status"] = "InProgress"
        document["actions"][-1]["status"] = "InProgress"

    site.change_documents(as_a_kill_leaves_it)
    shop = site.shop
    assert shop.over(execution) == "Succeeded", shop.actions(execution)
    assert "Name" in shop.actions(execution)["Execute"]["output"]["outputVariables"]
