"""The source action over a connection: a branch of the git remote that stands for the host."""

from __future__ import annotations

from landrail.localaws.api import ApiError
from landrail.localaws.runtimes.remotes import RemoteError, Repository
from landrail.localaws.services.codepipeline.actions.task import ActionFailed, Outcome, Task
from landrail.localaws.services.codepipeline.connections import find_remote, service_of


def from_connection(task: Task) -> Outcome:
    """Bring the tip of a branch, or the commit that was pushed, into the store as a zip; who may
    not UseConnection for the repository and branch gets nothing."""
    arn, identity = task.configuration["ConnectionArn"], task.configuration["FullRepositoryId"]
    pushed = task.override or {}
    branch = pushed.get("branch") or task.configuration["BranchName"]
    _authorize(task, arn, identity, branch)
    try:
        repository = find_remote(task.platform, arn, identity, task.account, task.region)
        return _bring(task, repository, branch, pushed.get("revisionValue"))
    except RemoteError as error:
        raise ActionFailed(f"{identity} over {arn}: {error}", "ConfigurationError") from error


def _bring(task: Task, repository: Repository, branch: str, revision: str | None) -> Outcome:
    refs = repository.refs()
    wanted = revision or refs.get(f"refs/heads/{branch}")
    if wanted is None:
        raise RemoteError(f"there is no branch {branch}")
    found = repository.commit(wanted)
    place = task.put(task.outputs[0], repository.archive(found.id))
    variables = {
        "AuthorDate": found.date,
        "AuthorDisplayName": found.author,
        "AuthorEmail": found.email,
        "AuthorId": found.email,
        "BranchName": branch,
        "CommitId": found.id,
        "CommitMessage": found.message,
        "ConnectionArn": task.configuration["ConnectionArn"],
        "FullRepositoryName": task.configuration["FullRepositoryId"],
    }
    tag = (task.override or {}).get("tag")
    return Outcome(
        artifacts={task.outputs[0]: place},
        variables={**variables, **({"TagName": tag} if tag else {})},
        revisions=(
            {
                "action": str(task.action["name"]),
                "name": task.outputs[0],
                "id": found.id,
                "summary": found.message,
            },
        ),
        summary=found.message,
    )


def _authorize(task: Task, arn: str, identity: str, branch: str) -> None:
    prefix = service_of(arn)
    if prefix is None:
        raise ActionFailed(f"{arn} is no connection's ARN", "ConfigurationError")
    owner, _, name = identity.rpartition("/")
    context = {
        f"{prefix}:BranchName": branch,
        f"{prefix}:FullRepositoryId": identity,
        f"{prefix}:OwnerId": owner,
        f"{prefix}:RepositoryName": name,
    }
    try:
        task.platform.authorize(
            task.credentials.caller,
            f"{prefix}:UseConnection",
            arn,
            account=task.account,
            region=task.region,
            context=context,
        )
    except ApiError as error:
        told = f"UseConnection: {error.code}: {error.message}"
        raise ActionFailed(told, "PermissionError") from error
