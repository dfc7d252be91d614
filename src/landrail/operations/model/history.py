"""What CodePipeline has on record of an execution: who began it, on which commit, who approved.

Asked of CodePipeline by the role of the step, never taken from a file of a build: a build runs the
code of a push, so what it leaves could say anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.aws.builds import BuildSession
from landrail.compiler.sections.pipelines import AUTHOR
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.people import person_of
from landrail.operations.model.settings import Settings, Variable

_BY_PERSON = "StartPipelineExecution"
_UNSAID = "-"


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

    def revision(self) -> str:
        """Return what its source took in: a commit, or the version of an object."""
        revisions = self.told.get("artifactRevisions", [])
        return str(revisions[0]["revisionId"]) if revisions else ""


def running(settings: Settings, build: BuildSession) -> Execution:
    """Return the execution that this step works for."""
    pipeline = settings[Variable.INITIATOR].removeprefix("codepipeline/")
    return Execution(build, pipeline, settings[Variable.EXECUTION])


def authors(execution: Execution, commit: str) -> tuple[str, ...]:
    """Return everybody whose work a version of this commit is: who pushed it, who began an
    execution of it, and whom the commit names; raises Mistakes where the execution is not one of
    this commit."""
    told = execution.revision()
    if told != commit:
        raise Mistakes(
            [
                Diagnostic(
                    f"the build says commit `{commit}`, the execution {execution.id} of "
                    f"`{execution.pipeline}` took in `{told}`",
                    "what a build leaves was changed on the way; push to the repository anew",
                )
            ]
        )
    found = [*_began(execution), *_named(execution, commit)]
    return tuple(dict.fromkeys(one for one in found if one))


def answers(execution: Execution) -> list[Answer]:
    """Return what people answered to the approvals of an execution; one that rolls back has those
    of the execution that it goes back to."""
    target = (execution.told.get("rollbackMetadata") or {}).get("rollbackTargetPipelineExecutionId")
    if target:
        execution = Execution(execution.build, execution.pipeline, str(target))
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


def _began(execution: Execution) -> Iterator[str]:
    """Yield who began executions of the same commit: without the others, somebody else could begin
    one for the author."""
    codepipeline = execution.build.client("codepipeline")
    commit = execution.revision()
    pages = codepipeline.get_paginator("list_pipeline_executions")
    for page in pages.paginate(pipelineName=execution.pipeline):
        for one in page["pipelineExecutionSummaries"]:
            taken = {source["revisionId"] for source in one.get("sourceRevisions", [])}
            if commit in taken or one["pipelineExecutionId"] == execution.id:
                yield from _starters(execution, one)


def _starters(execution: Execution, summary: Mapping[str, Any]) -> Iterator[str]:
    trigger = summary.get("trigger", {})
    if trigger.get("triggerType") == _BY_PERSON:
        yield person_of(str(trigger.get("triggerDetail", "")))
    other = Execution(execution.build, execution.pipeline, summary["pipelineExecutionId"])
    for variable in other.told.get("variables", []):
        if variable["name"] == AUTHOR and variable["resolvedValue"] != _UNSAID:
            yield person_of(variable["resolvedValue"])


def _named(execution: Execution, commit: str) -> Iterator[str]:
    """Yield the names and addresses in a commit, as the source action tells them and, where the
    repository is CodeCommit's, as the commit does."""
    for action in execution.actions():
        if _category(action) != "Source":
            continue
        said = action.get("output", {}).get("outputVariables", {})
        yield from (said.get(name, "") for name in ("AuthorEmail", "AuthorDisplayName", "AuthorId"))
        if "RepositoryName" in said:
            codecommit = execution.build.client("codecommit")
            found = codecommit.get_commit(repositoryName=said["RepositoryName"], commitId=commit)[
                "commit"
            ]
            for who in (found.get("author", {}), found.get("committer", {})):
                yield from (who.get("email", ""), who.get("name", ""))


def _category(action: Mapping[str, Any]) -> str:
    return str(action.get("input", {}).get("actionTypeId", {}).get("category", ""))


def _comment(action: Mapping[str, Any]) -> str:
    result = action.get("output", {}).get("executionResult", {})
    error = result.get("errorDetails", {}).get("message", "")
    return str(result.get("externalExecutionSummary") or error)
