"""Which pipelines a push starts: by triggers of type V2, or by the source action's own branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landrail.localaws.services.codepipeline.globs import passes

CONNECTION = "CodeStarSourceConnection"
_HEADS, _TAGS = "refs/heads/", "refs/tags/"


@dataclass(frozen=True, slots=True)
class Push:
    """A branch or tag that moved to a commit; `paths` tells the files that changed, when asked."""

    ref: str
    commit: str
    paths: Callable[[], Sequence[str]]

    @property
    def branch(self) -> str | None:
        """The branch, or None for a tag."""
        return self.ref.removeprefix(_HEADS) if self.ref.startswith(_HEADS) else None

    @property
    def tag(self) -> str | None:
        """The tag, or None for a branch."""
        return self.ref.removeprefix(_TAGS) if self.ref.startswith(_TAGS) else None


def sources(pipeline: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the source actions over connections."""
    return [
        action
        for stage in pipeline["stages"][:1]
        for action in stage["actions"]
        if action["actionTypeId"]["provider"] == CONNECTION
    ]


def starts(pipeline: Mapping[str, Any], action: Mapping[str, Any], push: Push) -> bool:
    """Say whether a push to the repository of a source action starts its pipeline."""
    default = action["configuration"]["BranchName"]
    for trigger in pipeline.get("triggers") or []:
        git = trigger["gitConfiguration"]
        if git["sourceActionName"] != action["name"]:
            continue
        filters = git.get("push")
        if not filters:
            return bool(push.branch == default)
        return any(_fits(one, push) for one in filters)
    detect = str(action["configuration"].get("DetectChanges", "true")).lower() == "true"
    return bool(detect and push.branch == default)


def _fits(filters: Mapping[str, Any], push: Push) -> bool:
    if filters.get("tags"):
        return push.tag is not None and passes(filters["tags"], [push.tag])
    if push.branch is None or not passes(filters.get("branches"), [push.branch]):
        return False
    return not filters.get("filePaths") or passes(filters["filePaths"], push.paths())


def override(action: Mapping[str, Any], push: Push) -> dict[str, str]:
    """Return the revision that an execution started by a push releases: the very commit."""
    found = {
        "actionName": str(action["name"]),
        "revisionType": "COMMIT_ID",
        "revisionValue": push.commit,
    }
    if push.branch is not None:
        found["branch"] = push.branch
    if push.tag is not None:
        found["tag"] = push.tag
    return found
