"""What CodePipeline has on record of executions: what each took in, who pushed and began it, who
approved.

Asked of CodePipeline by the role of the step, never taken from a file of a build: a build runs the
code of a push, so what it leaves could say anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.builds import BuildSession
from landrail.handover import AUTHOR, NOBODY
from landrail.operations.model.people import person_of
from landrail.operations.model.settings import Settings, Variable

_BY_PERSON = "StartPipelineExecution"
_NO_PIPELINE = "PipelineNotFoundException"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered to an approval: `by` is the person, `arn` the session."""

    by: str
    arn: str
    approved: bool
    at: str
    comment: str
    execution: str


@dataclass(frozen=True)
class Execution:
    """One execution of a pipeline, by the clients of a step's role."""

    build: BuildSession
    pipeline: str
    id: str

    @property
    def told(self) -> Mapping[str, Any]:
        """`PipelineExecution` as CodePipeline tells it."""
        codepipeline = self.build.client("codepipeline")
        found: Mapping[str, Any] = codepipeline.get_pipeline_execution(
            pipelineName=self.pipeline, pipelineExecutionId=self.id
        )["pipelineExecution"]
        return found

    def actions(self) -> Iterator[Mapping[str, Any]]:
        """Yield `ActionExecutionDetail` of all its actions, the newest first."""
        pages = self.build.client("codepipeline").get_paginator("list_action_executions")
        for page in pages.paginate(
            pipelineName=self.pipeline, filter={"pipelineExecutionId": self.id}
        ):
            yield from page["actionExecutionDetails"]

    @property
    def goes_back_to(self) -> str:
        """The execution that a rollback repeats; `` where it is none."""
        rolled = self.told.get("rollbackMetadata") or {}
        return str(rolled.get("rollbackTargetPipelineExecutionId", ""))

    @property
    def takes_code(self) -> bool:
        """Whether it begins with a repository, and not with what another pipeline left."""
        return any(_category(one) == "Source" and _provider(one) != "S3" for one in self.actions())

    def revision(self) -> str:
        """Return what its source took in: a commit, or the version of an object."""
        revisions = self.told.get("artifactRevisions", [])
        return str(revisions[0]["revisionId"]) if revisions else ""

    def of_source(self) -> Mapping[str, str]:
        """Return what its source told of the commit, by the names of output variables."""
        for action in self.actions():
            if _category(action) == "Source":
                found: Mapping[str, str] = action.get("output", {}).get("outputVariables", {})
                return found
        return {}

    def pushed(self) -> Iterator[str]:
        """Yield who pushed what it took in."""
        for variable in self.told.get("variables", []):
            if variable["name"] == AUTHOR and variable["resolvedValue"] != NOBODY:
                yield person_of(variable["resolvedValue"])

    def began(self) -> Iterator[str]:
        """Yield who began it, and who pushed what it took in."""
        trigger = self.told.get("trigger", {})
        if trigger.get("triggerType") == _BY_PERSON:
            yield person_of(str(trigger.get("triggerDetail", "")))
        yield from self.pushed()


@dataclass(frozen=True, slots=True)
class Intake:
    """That an execution took in a commit, and when."""

    execution: Execution
    commit: str
    at: datetime


def running(settings: Settings, build: BuildSession) -> Execution:
    """Return the execution that this step works for."""
    pipeline = settings[Variable.INITIATOR].removeprefix("codepipeline/")
    return Execution(build, pipeline, settings[Variable.EXECUTION])


def intakes(build: BuildSession, pipeline: str) -> list[Intake]:
    """Return what the executions of a pipeline took in; nothing where there is no such pipeline."""
    pages = build.client("codepipeline").get_paginator("list_pipeline_executions")
    try:
        return [
            Intake(
                Execution(build, pipeline, one["pipelineExecutionId"]),
                str(source["revisionId"]),
                one["startTime"],
            )
            for page in pages.paginate(pipelineName=pipeline)
            for one in page["pipelineExecutionSummaries"]
            for source in one.get("sourceRevisions", [])
        ]
    except ClientError as error:
        # A model has the pipelines that its file names. A denial is no such answer: an author
        # who is not seen could approve.
        if error.response["Error"]["Code"] == _NO_PIPELINE:
            return []
        raise


def answers(execution: Execution) -> list[Answer]:
    """Return what people answered to the approvals of an execution; one that rolls back has those
    of the execution that it goes back to."""
    while target := execution.goes_back_to:
        execution = Execution(execution.build, execution.pipeline, target)
    made = (one for one in execution.actions() if _category(one) == "Approval")
    return [
        Answer(
            by=person_of(one["updatedBy"]),
            arn=str(one["updatedBy"]),
            approved=one["status"] == "Succeeded",
            at=one["lastUpdateTime"].astimezone().isoformat(timespec="seconds"),
            comment=_comment(one),
            execution=execution.id,
        )
        for one in made
        if one.get("updatedBy") and one["status"] in ("Succeeded", "Failed")
    ]


def _provider(action: Mapping[str, Any]) -> str:
    return str(action.get("input", {}).get("actionTypeId", {}).get("provider", ""))


def _category(action: Mapping[str, Any]) -> str:
    return str(action.get("input", {}).get("actionTypeId", {}).get("category", ""))


def _comment(action: Mapping[str, Any]) -> str:
    result = action.get("output", {}).get("executionResult", {})
    error = result.get("errorDetails", {}).get("message", "")
    return str(result.get("externalExecutionSummary") or error)
