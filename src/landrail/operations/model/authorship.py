"""Whose work a version is: everybody who wrote or pushed a commit that production does not have.

Asked of CodePipeline and CodeCommit by the role of the step (decision 22). Over a connection there
is no history to ask for: there it is whom the commits name that the pipelines took in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from botocore.exceptions import ClientError

from landrail.aws.builds import BuildSession
from landrail.diagnostics import Diagnostic, Mistakes
from landrail.operations.model.ancestry import LOOKS, Commit, TooFarError, written_since
from landrail.operations.model.history import Intake, intakes, running
from landrail.operations.model.settings import Settings, Variable

_NO_COMMIT = "CommitIdDoesNotExistException"
_AUTHOR = ("AuthorEmail", "AuthorDisplayName", "AuthorId")
_Look = Callable[[str], Commit]


@dataclass(frozen=True, slots=True)
class Work:
    """A commit that was taken in, the one that production serves (`` where it serves none), and
    all that the model's pipelines took in, the newest first."""

    commit: str
    live: str
    taken: Sequence[Intake]

    def of(self, commits: Iterable[str]) -> Iterator[Intake]:
        """Yield those that took in one of some commits."""
        wanted = frozenset(commits)
        return (one for one in self.taken if one.commit in wanted)

    def between(self) -> dict[str, Intake]:
        """Return by commit what was taken in since the live commit was, up to this one: what lies
        between them as far as the pipelines know."""
        came = {one.commit: place for place, one in enumerate(self.taken)}  # at first
        mine, last = came[self.commit], came.get(self.live, len(self.taken))
        return {name: self.taken[at] for name, at in came.items() if mine <= at < last}


def began(settings: Settings, build: BuildSession, commit: str) -> tuple[str, ...]:
    """Return who began the running execution; raises Mistakes where none took in the commit."""
    _taken(settings, build, commit)
    return _once(running(settings, build).began())


def authors(settings: Settings, build: BuildSession, commit: str, live: str) -> tuple[str, ...]:
    """Return everybody whose work a version of a commit is while production serves the commit
    `live`; raises Mistakes where none took in the commit, or too much lies between."""
    execution = running(settings, build)
    work = Work(commit, live, _taken(settings, build, commit))
    found = list(execution.began())
    for one in work.of([commit]):
        found += one.execution.began()
    source = next((said for one in work.of([commit]) if (said := one.execution.of_source())), {})
    found += (source.get(name, "") for name in _AUTHOR)
    try:
        if "RepositoryName" in source:
            found += _by_history(work, _looking(build, source["RepositoryName"]))
        else:
            found += _by_intakes(work)
    except TooFarError:
        raise Mistakes([_too_far(work, settings[Variable.MODEL])]) from None
    return _once(found)


def _taken(settings: Settings, build: BuildSession, commit: str) -> list[Intake]:
    """Return what the pipelines that take in code took in, the newest first; raises Mistakes where
    this commit is not among it."""
    execution = running(settings, build)
    model = settings[Variable.MODEL]
    if execution.takes_code:
        pipelines: tuple[str, ...] = (execution.pipeline,)
        told = execution.revision()
    else:  # a build that another pipeline left
        pipelines = (model, f"{model}-image")
        told = commit
    found = [one for pipeline in pipelines for one in intakes(build, pipeline)]
    if told == commit and not any(one.commit == commit for one in found):
        told = "nothing of it"
    if told != commit:
        raise Mistakes(
            [
                Diagnostic(
                    f"the build says commit `{commit}`, the pipelines of {model} took in `{told}`",
                    "what a build leaves was changed on the way; push to the repository anew",
                )
            ]
        )
    return sorted(found, key=lambda one: one.at, reverse=True)


def _by_history(work: Work, look: _Look) -> Iterator[str]:
    """Yield who wrote, committed or pushed what the repository has since the live commit."""
    written = written_since(work.commit, _before(work, look), look)
    for commit in (look(work.commit), *written.values()):
        for who in (commit.get("author", {}), commit.get("committer", {})):
            yield from (who.get("email", ""), who.get("name", ""))
    for one in work.of(written):
        yield from one.execution.pushed()


def _before(work: Work, look: _Look) -> list[str]:
    """Return the commits that stand for what is not counted: the live one; before the first
    release, or where the repository is another by now, what was there before the pipelines were."""
    if work.live and _found(work.live, look):
        return [work.live]
    first = next(one.commit for one in reversed(work.taken) if _found(one.commit, look))
    return list(look(first).get("parents", []))[:1]


def _by_intakes(work: Work) -> Iterator[str]:
    """Yield whom the commits name that were taken in since the live one."""
    between = work.between()
    if len(between) > LOOKS:
        raise TooFarError
    for one in between.values():
        said = one.execution.of_source()
        yield from (said.get(name, "") for name in _AUTHOR)


def _looking(build: BuildSession, repository: str) -> _Look:
    codecommit = build.client("codecommit")

    @cache
    def look(commit: str) -> Commit:
        found: Commit = codecommit.get_commit(repositoryName=repository, commitId=commit)["commit"]
        return found

    return look


def _found(commit: str, look: _Look) -> bool:
    try:
        look(commit)
    except ClientError as error:
        if error.response["Error"]["Code"] == _NO_COMMIT:
            return False
        raise
    return True


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))


def _too_far(work: Work, model: str) -> Diagnostic:
    begins = f"commit {work.live}, which is live" if work.live else "the first commit taken in"
    return Diagnostic(
        f"more than {LOOKS:,} commits lie between {begins}, and {work.commit}: nobody can tell "
        f"whose work this version of {model} is, so nobody could approve it",
        "release an earlier commit of the branch first: `aws codepipeline "
        "start-pipeline-execution --name PIPELINE --source-revisions "
        "actionName=Source,revisionType=COMMIT_ID,revisionValue=COMMIT`",
    )
