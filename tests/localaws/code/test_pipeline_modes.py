"""Execution modes through the public door: who waits, who is overtaken, who is refused."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from code_people import until
from code_workshop import Workshop
from pipeline_lines import Line, approvals


def test_queued_executions_keep_their_order(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"), approvals("B"), executionMode="QUEUED")
    line.token(line.first, "A")
    second, third = workshop.start(), workshop.start()
    line.waits(third, "A")
    assert line.inbound("A") == [second, third]
    line.answer(line.first, "A")
    line.answer(second, "A")
    line.waits(second, "B")
    line.answer(line.first, "B", "Rejected")
    assert line.over(line.first) == "Failed"
    line.answer(second, "B")
    line.answer(third, "A")
    line.answer(third, "B")
    assert [line.over(one) for one in (second, third)] == ["Succeeded", "Succeeded"]


def test_at_most_fifty_executions_are_queued(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"), executionMode="QUEUED")
    line.token(line.first, "A")
    line.client.disable_stage_transition(
        pipelineName=line.name, stageName="Source", transitionType="Inbound", reason="freeze"
    )
    for _ in range(49):
        workshop.start()
    with pytest.raises(ClientError) as caught:
        workshop.start()
    code = "ConcurrentPipelineExecutionsLimitExceededException"
    assert caught.value.response["Error"]["Code"] == code
    line.answer(line.first, "A")
    assert line.over(line.first) == "Succeeded"
    assert workshop.start()
    pages = list(
        line.client.get_paginator("list_pipeline_executions").paginate(
            pipelineName=line.name, PaginationConfig={"PageSize": 20}
        )
    )
    assert [len(one["pipelineExecutionSummaries"]) for one in pages] == [20, 20, 11]
    with pytest.raises(ClientError) as wrong:
        line.client.list_pipeline_executions(pipelineName=line.name, nextToken="made-up")
    assert wrong.value.response["Error"]["Code"] == "InvalidNextTokenException"


def test_parallel_executions_wait_for_nobody(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"), approvals("B"), executionMode="PARALLEL")
    second = workshop.start()
    for one in (line.first, second):
        until(lambda one=one: _asking(line, one) == ["A-ok"])
    line.answer(second, "A")
    line.answer(second, "B")
    assert line.over(second) == "Succeeded"
    assert workshop.status(line.first) == "InProgress"
    with pytest.raises(ClientError) as caught:
        line.back("A", second)
    assert caught.value.response["Error"]["Code"] == "UnableToRollbackStageException"


def _asking(line: Line, execution: str) -> list[str]:
    found = line.actions(execution)
    return [each["actionName"] for each in found if each["status"] == "InProgress"]


def test_the_same_client_token_starts_once(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"), executionMode="QUEUED")
    first = workshop.start(clientRequestToken="one")
    assert workshop.start(clientRequestToken="one") == first
    assert workshop.start(clientRequestToken="two") != first
    assert len(line.executions()) == 3


@pytest.mark.parametrize("mode", ["SUPERSEDED", "QUEUED", "PARALLEL"])
def test_a_failed_stage_is_retried_by_its_failed_actions_or_all(
    workshop: Workshop, mode: str
) -> None:
    stage = approvals("A", "one", "two")
    stage["actions"][1]["runOrder"] = 1
    line = Line(workshop, stage, approvals("B"), executionMode=mode)
    first = line.first
    line.answer(first, "A", name="one")
    line.answer(first, "A", "Rejected", name="two", summary="not yet")
    assert line.over(first) == "Failed"
    line.retry(first, "A")
    line.answer(first, "A", "Rejected", name="two")
    assert line.over(first) == "Failed"
    tries = [one["actionName"] for one in line.actions(first)]
    assert (tries.count("one"), tries.count("two")) == (1, 2)
    line.retry(first, "A", "ALL_ACTIONS")
    line.answer(first, "A", name="one")
    line.answer(first, "A", name="two")
    line.answer(first, "B")
    assert line.over(first) == "Succeeded"
    metadata = line.stage("A")["retryStageMetadata"]
    assert metadata == {"manualStageRetryAttempt": 2, "latestRetryTrigger": "ManualStageRetry"}
    latest = line.client.list_action_executions(
        pipelineName=line.name,
        filter={
            "latestInPipelineExecution": {"pipelineExecutionId": first, "startTimeRange": "Latest"}
        },
    )["actionExecutionDetails"]
    assert sorted(one["actionName"] for one in latest) == ["B-ok", "Commit", "one", "two"]
    with pytest.raises(ClientError) as caught:
        line.retry(first, "A")
    assert caught.value.response["Error"]["Code"] == "StageNotRetryableException"


def test_only_the_latest_execution_of_a_stage_is_retried(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"))
    line.answer(line.first, "A", "Rejected")
    assert line.over(line.first) == "Failed"
    second = workshop.start()
    line.token(second, "A")
    with pytest.raises(ClientError) as caught:
        line.retry(line.first, "A")
    assert caught.value.response["Error"]["Code"] == "NotLatestPipelineExecutionException"
    line.answer(second, "A", "Rejected")
    assert line.over(second) == "Failed"
    line.retry(second, "A")
    line.answer(second, "A")
    assert line.over(second) == "Succeeded"


def test_a_stage_that_was_changed_since_is_not_retried(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"), approvals("B"))
    line.answer(line.first, "A", "Rejected")
    assert line.over(line.first) == "Failed"
    changed = workshop.definition(approvals("A", "A-ok", "more"), approvals("B"))
    line.client.update_pipeline(pipeline=changed)
    with pytest.raises(ClientError) as caught:
        line.retry(line.first, "A")
    assert caught.value.response["Error"]["Code"] == "StageNotRetryableException"
    line.client.update_pipeline(pipeline=line.definition)
    line.retry(line.first, "A")
    line.answer(line.first, "A")
    line.answer(line.first, "B")
    assert line.over(line.first) == "Succeeded"


def test_a_change_cancels_executions_and_leaves_parallel_ones(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"), approvals("B"), executionMode="QUEUED")
    second = workshop.start()
    line.waits(second, "A")
    token = line.token(line.first, "A")
    queued, line.definition = line.definition, {**line.definition, "executionMode": "PARALLEL"}
    line.client.update_pipeline(pipeline=line.definition)
    assert line.over(second) == "Cancelled"
    line.answer(line.first, "A", token=token)
    assert line.over(line.first) == "Cancelled"
    third, fourth = workshop.start(), workshop.start()
    line.token(fourth, "A")
    line.client.update_pipeline(pipeline=queued)
    modes = [
        line.client.get_pipeline(name=line.name, version=one)["pipeline"]["executionMode"]
        for one in (1, 2, 3)
    ]
    assert modes == ["QUEUED", "PARALLEL", "QUEUED"]
    with pytest.raises(ClientError, match="has no version 4"):
        line.client.get_pipeline(name=line.name, version=4)
    for one in (fourth, third):
        line.answer(one, "A")
        line.answer(one, "B")
        assert line.over(one) == "Succeeded"


def test_stopping_waits_for_actions_or_abandons_them(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A", "one", "two"), approvals("B"))
    line.token(line.first, "A", "one")
    line.stop(line.first, reason="a mistake")
    assert workshop.status(line.first) == "Stopping"
    assert line.stage("A")["latestExecution"]["status"] == "Stopping"
    with pytest.raises(ClientError) as again:
        line.stop(line.first)
    assert again.value.response["Error"]["Code"] == "DuplicatedStopRequestException"
    line.answer(line.first, "A", name="one")
    assert line.over(line.first) == "Stopped"
    assert [one["actionName"] for one in line.actions(line.first)] == ["one", "Commit"]
    assert line.executions()[0]["stopTrigger"] == {"reason": "a mistake"}
    with pytest.raises(ClientError) as over:
        line.stop(line.first)
    assert over.value.response["Error"]["Code"] == "PipelineExecutionNotStoppableException"

    line.retry(line.first, "A")
    token = line.token(line.first, "A", "two")
    line.stop(line.first)
    line.stop(line.first, abandon=True)
    assert line.over(line.first) == "Stopped"
    with pytest.raises(ClientError) as late:
        line.client.put_approval_result(
            pipelineName=line.name,
            stageName="A",
            actionName="two",
            result={"status": "Approved", "summary": ""},
            token=token,
        )
    assert late.value.response["Error"]["Code"] == "InvalidApprovalTokenException"
    statuses = {one["actionName"]: one["status"] for one in line.actions(line.first)}
    assert statuses == {"Commit": "Succeeded", "one": "Succeeded", "two": "Abandoned"}


def test_an_execution_that_waits_stops_at_once(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"), executionMode="QUEUED")
    line.token(line.first, "A")
    second, third = workshop.start(), workshop.start()
    line.waits(second, "A")
    line.stop(second)
    assert line.over(second) == "Stopped"
    line.answer(line.first, "A")
    line.answer(third, "A")
    assert line.over(third) == "Succeeded"
