"""What is told of an execution that is followed: its own stages, its own failure, its logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from landrail.aws.sessions import Connection, Identity
from landrail.cli.views.runs import log_lines
from landrail.compiler import wanted_of
from landrail.diagnostics import Failure, Mistakes
from landrail.operations.project import open_project
from landrail.operations.runs import acts
from landrail.operations.runs.following import Follower
from landrail.operations.runs.lines import lines
from landrail.operations.runs.opened import Opened, Pipeline
from landrail.operations.runs.state import ActionRun, Run, runs
from landrail.operations.runs.streams import Streams

LONG = "as-long-as-a-name-of-the-file-may-be-which-is-sixty-four-letters"
NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
FILE = f"""\
platform: acme-ml
target: local
region: eu-west-1
email: aws+{{account}}@acme.example
lines_of_business: [retail]
teams: {{churn: {{lob: retail, mlops: [dee]}}}}
models: {{{LONG}: {{team: churn}}}}
"""


@dataclass
class Told:
    """Somebody whose calls are answered from a table."""

    answers: dict[str, Any]
    asked: list[str] = field(default_factory=list)

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        self.asked.append(operation)
        return dict(self.answers[operation])


def stage(name: str, execution: str, status: str) -> dict[str, Any]:
    latest = {"pipelineExecutionId": execution, "status": status}
    return {"stageName": name, "latestExecution": latest, "actionStates": []}


def failed(action: str, words: str) -> dict[str, Any]:
    result = {"executionResult": {"errorDetails": {"message": words}}}
    return {"actionName": action, "status": "Failed", "output": result}


def test_an_execution_is_told_by_its_own_stages_and_its_own_failure() -> None:
    told: list[str] = []
    somebody = Told(
        {
            "GetPipelineState": {
                "stageStates": [stage("Build", "new", "Failed"), stage("Train", "old", "Failed")]
            },
            "GetPipelineExecution": {"pipelineExecution": {"status": "Failed"}},
            "ListActionExecutions": {"actionExecutionDetails": [failed("Build", "no wheel")]},
        }
    )
    with pytest.raises(Failure) as raised:
        Follower(somebody, "churn", told.append).end("new")
    assert raised.value.remedy == "Build: no wheel"
    assert told == ["churn: Build Failed"]


@pytest.mark.parametrize(
    ("said", "told"),
    [({"stopTrigger": {"reason": "the wrong data"}}, "the wrong data"), ({}, "stopped by hand")],
)
def test_one_that_was_stopped_is_told_why_and_not_what_failed_before(
    said: dict[str, Any], told: str
) -> None:
    ended = {"status": "Stopped", "statusSummary": "stopped by hand"}
    others = {"pipelineExecutionId": "old", "stopTrigger": {"reason": "too old"}}
    somebody = Told(
        {
            "GetPipelineState": {"stageStates": [stage("Train", "old", "Failed")]},
            "GetPipelineExecution": {"pipelineExecution": ended},
            "ListActionExecutions": {"actionExecutionDetails": [failed("Train", "no space")]},
            "ListPipelineExecutions": {
                "pipelineExecutionSummaries": [others, {"pipelineExecutionId": "new", **said}]
            },
        }
    )
    with pytest.raises(Failure) as raised:
        Follower(somebody, "churn", lambda _: None).end("new")
    assert raised.value.remedy == told


class Ending(Told):
    """An execution that ends when it is asked for."""

    def call(self, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation == "GetPipelineExecution":
            self.answers["GetPipelineState"] = {"stageStates": [stage("Train", "new", "Succeeded")]}
        return super().call(service, operation, **parameters)


def test_the_last_stage_of_an_execution_is_told_to_its_end() -> None:
    told: list[str] = []
    somebody = Ending(
        {
            "GetPipelineState": {"stageStates": [stage("Train", "new", "InProgress")]},
            "GetPipelineExecution": {"pipelineExecution": {"status": "Succeeded"}},
        }
    )
    Follower(somebody, "churn", told.append).end("new")
    assert told[-1] == "churn: Train Succeeded"


class Paged(Connection):
    """A connection to accounts with more streams than a page holds; `refused` is what reading
    lines is answered with."""

    def __init__(self, names: list[str], refused: str = "") -> None:
        self.names, self.refused = names, refused

    def call(self, who: Identity, service: str, operation: str, /, **given: Any) -> dict[str, Any]:
        if operation == "BatchGetBuilds":
            return {"builds": [{"logs": {"groupName": "/g", "streamName": "s"}}]}
        if operation == "ListActionExecutions":
            return {"actionExecutionDetails": [DETAIL]}
        if operation == "ListPipelineExecutions":
            return {"pipelineExecutionSummaries": [SUMMARY]}
        if operation == "GetLogEvents":
            raise ClientError({"Error": {"Code": self.refused, "Message": "no"}}, operation)
        at = int(given.get("nextToken", 0))
        found = [n for n in self.names if n.startswith(given.get("logStreamNamePrefix", ""))]
        page = [{"logStreamName": name} for name in found[at : at + 50]]
        following = {"nextToken": str(at + 50)} if at + 50 < len(found) else {}
        return {"logStreams": page, **following}


DETAIL = {
    "pipelineExecutionId": "e",
    "stageName": "Train",
    "actionName": "Train",
    "status": "Failed",
    "startTime": NOW,
    "lastUpdateTime": NOW,
    "input": {"actionTypeId": {"provider": "CodeBuild"}},
    "output": {"executionResult": {"externalExecutionId": "x:12345678-1"}},
}
SUMMARY = {
    "pipelineExecutionId": "stopped",
    "status": "Stopped",
    "startTime": NOW,
    "lastUpdateTime": NOW,
    "stopTrigger": {"reason": "the wrong percentage"},
}
RUN = Run("churn", "e", "Failed", NOW, NOW, "", "")


class Everywhere(Opened):
    """Somebody who has their role in UAT."""

    def stage(self, kind: str) -> tuple[str, Identity] | None:
        return ("retail-uat", self.identity) if kind == "uat" else None


def opened(folder: Path, connection: Connection) -> Opened:
    (folder / "landrail.yaml").write_text(FILE)
    project = open_project(folder / "landrail.yaml")
    return Everywhere(
        project=project,
        wanted=wanted_of(project.document),
        target="local",
        target_data={},
        model=LONG,
        person="dee",
        role="mlops-churn",
        pipelines=(Pipeline("churn", ("Source", "Train"), "Source", {"depth": "3", "note": "-"}),),
        connection=connection,
        identity=Identity("dee", lambda: pytest.fail("no call is signed")),
    )


def test_jobs_of_a_long_name_are_found_behind_many_others(tmp_path: Path) -> None:
    """SageMaker's names are cut to 63 characters, and a page holds 50 streams."""
    mine = f"{LONG[:48]}-train-12345678/algo-1"
    others = [f"{LONG[:48]}-train-{number:08}/algo-1" for number in range(60)]
    action = ActionRun(
        "e", "Train", "Train", "CodeBuild", "Succeeded", NOW, NOW, "x:12345678", "", ""
    )
    found = Streams(opened(tmp_path, Paged([*others, mine]))).of(action)
    assert mine in {stream.name for stream in found}


def test_lines_that_may_not_be_read_are_not_silently_none(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="AccessDenied"):
        list(lines(opened(tmp_path, Paged([], "AccessDeniedException")), RUN, follow=False))
    assert not list(
        lines(opened(tmp_path, Paged([], "ResourceNotFoundException")), RUN, follow=False)
    )


def test_a_stage_that_there_is_not_has_no_lines(tmp_path: Path) -> None:
    with pytest.raises(Mistakes) as raised:
        list(lines(opened(tmp_path, Paged([])), RUN, follow=False, stage="Trian"))
    assert "did you mean `Train`?" in str(raised.value.diagnostics[0].remedy)


def test_why_an_execution_was_stopped_is_told(tmp_path: Path) -> None:
    there = opened(tmp_path, Paged([]))
    (found,) = runs(there, there.pipelines[0], 10)
    assert "  stopped: the wrong percentage" in list(log_lines(found, ()))
    with pytest.raises(Failure, match="has stopped already"):
        acts.stop(there, found, abandon=False, reason="")


def test_the_pipelines_of_a_stage_are_those_that_have_it(tmp_path: Path) -> None:
    there = opened(tmp_path, Paged([]))
    assert acts.with_stage(there, "Train") == list(there.pipelines)


def test_values_that_would_break_the_json_of_an_action_start_nothing(tmp_path: Path) -> None:
    there = opened(tmp_path, Paged([]))
    with pytest.raises(Mistakes) as raised:
        acts.start(there, there.pipelines[0], {"note": 'say "x"', "depth": ""}, None)
    assert [d.summary.partition(":")[0] for d in raised.value.diagnostics] == ["`note`", "`depth`"]
