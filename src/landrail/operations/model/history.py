"""What CodePipeline has on record of an execution: who began it, on which commit, who approved.

Asked of CodePipeline by the role of the step, never taken from a file of a build: a build runs the
code of a push, so what it leaves could say anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.handover import AUTHOR, NOBODY
from landrail.operations.model.merges import Commit, brought_in
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


def running(settings: Settings, build: BuildSession) -> Execution:
    """Return the execution that this step works for."""
    pipeline = settings[Variable.INITIATOR].removeprefix("codepipeline/")
    return Execution(build, pipeline, settings[Variable.EXECUTION])


def authors(settings: Settings, build: BuildSession, commit: str) -> tuple[str, ...]:
    """Return everybody whose work a version of this commit is: who pushed it, who began an
    execution of it, whom the commit names, and who began the running execution; raises Mistakes
    where no execution took in this commit."""
    execution = running(settings, build)
    if execution.takes_code:
        taken = [execution]
        told = execution.revision()
    else:
        model = settings[Variable.MODEL]
        # A build that another pipeline left: its commit came in by one of those that take code.
        taken = [
            one
            for pipeline in (model, f"{model}-image")
            for one in _of_commit(Execution(build, pipeline, ""), commit)[:1]
        ]
        told = commit if taken else "nothing of it"
    if told != commit:
        raise Mistakes(
            [
                Diagnostic(
                    f"the build says commit `{commit}`, the pipelines of "
                    f"{settings[Variable.MODEL]} took in `{told}`",
                    "what a build leaves was changed on the way; push to the repository anew",
                )
            ]
        )
    found = [*_began(execution)]
    for one in taken:
        for other in _of_commit(one, commit):
            found += _began(other)
        found += _named(one, commit)
    return tuple(dict.fromkeys(name for name in found if name))


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


def _of_commit(execution: Execution, commit: str) -> list[Execution]:
    """Return all executions of a pipeline that took in a commit, the newest first: without the
    others, somebody else could begin one for the author. None where there is no such pipeline."""
    build, pipeline = execution.build, execution.pipeline
    pages = build.client("codepipeline").get_paginator("list_pipeline_executions")
    try:
        return [
            Execution(build, pipeline, one["pipelineExecutionId"])
            for page in pages.paginate(pipelineName=pipeline)
            for one in page["pipelineExecutionSummaries"]
            if commit in {source["revisionId"] for source in one.get("sourceRevisions", [])}
        ]
    except ClientError as error:
        # A model has the pipelines that its file names. A denial is no such answer: an author
        # who is not seen could approve.
        if error.response["Error"]["Code"] == _NO_PIPELINE:
            return []
        raise


def _began(execution: Execution) -> Iterator[str]:
    """Yield who began an execution, and who pushed what it took in."""
    told = execution.told
    trigger = told.get("trigger", {})
    if trigger.get("triggerType") == _BY_PERSON:
        yield person_of(str(trigger.get("triggerDetail", "")))
    for variable in told.get("variables", []):
        if variable["name"] == AUTHOR and variable["resolvedValue"] != NOBODY:
            yield person_of(variable["resolvedValue"])


def _named(execution: Execution, commit: str) -> Iterator[str]:
    """Yield the names and addresses in a commit, as the source action tells them and, where the
    repository is CodeCommit's, as the commit does and those that it merges."""
    for action in execution.actions():
        if _category(action) != "Source":
            continue
        said = action.get("output", {}).get("outputVariables", {})
        yield from (said.get(name, "") for name in ("AuthorEmail", "AuthorDisplayName", "AuthorId"))
        if "RepositoryName" in said:
            look = _looking(execution, said["RepositoryName"])
            found = look(commit)
            for one in (found, *brought_in(found, look)):
                for who in (one.get("author", {}), one.get("committer", {})):
                    yield from (who.get("email", ""), who.get("name", ""))


def _looking(execution: Execution, repository: str) -> Callable[[str], Commit]:
    codecommit = execution.build.client("codecommit")

    def look(commit: str) -> Commit:
        found: Commit = codecommit.get_commit(repositoryName=repository, commitId=commit)["commit"]
        return found

    return look


def _provider(action: Mapping[str, Any]) -> str:
    return str(action.get("input", {}).get("actionTypeId", {}).get("provider", ""))


def _category(action: Mapping[str, Any]) -> str:
    return str(action.get("input", {}).get("actionTypeId", {}).get("category", ""))


def _comment(action: Mapping[str, Any]) -> str:
    result = action.get("output", {}).get("executionResult", {})
    error = result.get("errorDetails", {}).get("message", "")
    return str(result.get("externalExecutionSummary") or error)
