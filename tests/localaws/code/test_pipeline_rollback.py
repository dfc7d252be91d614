"""Stages brought back to what an earlier execution released: by hand, and when they fail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError
from code_people import REGION, Person, allow, until
from code_workshop import Workshop
from pipeline_lines import Line, approvals


def _refused(line: Line, stage: str, target: str) -> str:
    with pytest.raises(ClientError) as caught:
        line.back(stage, target)
    return str(caught.value.response["Error"]["Code"])


def test_a_stage_is_rolled_back_by_hand(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A"), approvals("B"))
    first = line.first
    line.answer(first, "A")
    line.answer(first, "B")
    assert line.over(first) == "Succeeded"
    commit = line.execution(first)["artifactRevisions"]
    workshop.commit("beta")
    second = workshop.start()
    line.answer(second, "A")
    line.token(second, "B")
    assert _refused(line, "B", first) == "UnableToRollbackStageException"
    line.answer(second, "B")
    assert line.over(second) == "Succeeded"

    assert _refused(line, "Source", first) == "UnableToRollbackStageException"
    assert _refused(line, "C", first) == "StageNotFoundException"
    nobody = "00000000-0000-0000-0000-000000000000"
    assert _refused(line, "B", nobody) == "PipelineExecutionNotFoundException"

    back = line.back("B", first)
    line.answer(back, "B")
    assert line.over(back) == "Succeeded"
    shown = line.execution(back)
    assert shown["executionType"] == "ROLLBACK"
    assert shown["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": first}
    assert shown["trigger"]["triggerType"] == "ManualRollback"
    assert shown["artifactRevisions"] == commit
    assert [one["stageName"] for one in line.actions(back)] == ["B"]
    state = line.stage("B")["latestExecution"]
    assert state == {"pipelineExecutionId": back, "status": "Succeeded", "type": "ROLLBACK"}
    assert _refused(line, "B", back) == "UnableToRollbackStageException"

    line.client.update_pipeline(pipeline=line.definition)
    assert _refused(line, "B", first) == "PipelineExecutionOutdatedException"


def test_a_stage_that_fails_rolls_itself_back(workshop: Workshop) -> None:
    line = Line(workshop, approvals("A", onFailure={"result": "ROLLBACK"}), approvals("B"))
    first = line.first
    line.answer(first, "A", "Rejected")
    assert line.over(first) == "Failed"
    assert len(line.executions()) == 1
    assert "no successful execution" in line.execution(first)["statusSummary"]
    line.retry(first, "A")
    line.answer(first, "A")
    line.answer(first, "B")
    assert line.over(first) == "Succeeded"

    second, third = workshop.start(), ""
    line.token(second, "A")
    third = workshop.start()
    line.waits(third, "A")
    line.answer(second, "A", "Rejected")
    assert line.over(second) == "Failed"
    back = str(line.is_in("A"))
    shown = line.execution(back)
    assert shown["trigger"] == {"triggerType": "AutomatedRollback", "triggerDetail": second}
    assert shown["rollbackMetadata"] == {"rollbackTargetPipelineExecutionId": first}
    assert line.inbound("A") == [third]
    line.answer(back, "A", "Rejected")
    assert line.over(back) == "Failed"
    line.answer(third, "A")
    line.answer(third, "B")
    assert line.over(third) == "Succeeded"
    kinds = [one["executionType"] for one in line.executions()]
    assert kinds.count("ROLLBACK") == 1


def test_a_stage_that_fails_is_retried_once(workshop: Workshop) -> None:
    retry = {"result": "RETRY", "retryConfiguration": {"retryMode": "ALL_ACTIONS"}}
    line = Line(workshop, approvals("A", "one", "two", onFailure=retry))
    line.answer(line.first, "A", name="one")
    line.answer(line.first, "A", "Rejected", name="two")
    line.answer(line.first, "A", name="one")
    metadata = line.stage("A")["retryStageMetadata"]
    assert metadata == {"autoStageRetryAttempt": 1, "latestRetryTrigger": "AutomatedStageRetry"}
    line.answer(line.first, "A", "Rejected", name="two")
    assert line.over(line.first) == "Failed"
    line.retry(line.first, "A")
    line.answer(line.first, "A", name="two")
    assert line.over(line.first) == "Succeeded"


def test_rolling_back_is_allowed_stage_by_stage(
    workshop: Workshop, someone: Callable[..., Person], account: str
) -> None:
    line = Line(workshop, approvals("A"), approvals("B"))
    for stage in ("A", "B"):
        line.answer(line.first, stage)
    assert line.over(line.first) == "Succeeded"
    arn = f"arn:aws:codepipeline:{REGION}:{account}:{line.name}/B"
    keeper = someone(f"{line.name}-k", allow("codepipeline:RollbackStage", resource=arn)).client(
        "codepipeline"
    )
    asked = {"pipelineName": line.name, "targetPipelineExecutionId": line.first}
    with pytest.raises(ClientError) as caught:
        keeper.rollback_stage(stageName="A", **asked)
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    back = keeper.rollback_stage(stageName="B", **asked)["pipelineExecutionId"]
    until(lambda: line.is_in("B") == back)
