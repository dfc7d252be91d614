"""What CodePipeline asks of a definition beyond the shapes of its API: names used once, artifacts
and variables made before they are used, quotas (CodePipeline User Guide, "Pipeline structure
reference", "Variables reference" and "Quotas")."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_REFERENCE = re.compile(r"#\{([^}]*)\}")
_STAGES, _ACTIONS, _ARTIFACTS, _VARIABLES = (2, 50), (1, 50), 5, 50
_CONFIGURATION_VALUE = 50_000
_OF_SOURCES = {
    "CodeCommit": "AuthorDate BranchName CommitId CommitMessage CommitterDate RepositoryName",
    "CodeStarSourceConnection": (
        "AuthorDate AuthorDisplayName AuthorEmail AuthorId BranchName CommitId CommitMessage "
        "ConnectionArn FullRepositoryName ProviderType"
    ),
    "S3": "BucketName ETag ObjectKey VersionId",
}
"""The variables that a source action makes."""
Declaration = Mapping[str, Any]


def wrong_in(pipeline: Declaration) -> list[str]:
    """Return what CodePipeline would refuse in the structure of a pipeline."""
    return [
        *_names(pipeline),
        *_counts(pipeline),
        *(each for stage in pipeline["stages"] for each in _orders(stage)),
        *_sources(pipeline),
        *_flow(pipeline),
        *_variables(pipeline),
    ]


def _all(pipeline: Declaration) -> Iterator[Declaration]:
    for stage in pipeline["stages"]:
        yield from stage["actions"]


def _twice(words: Iterable[str]) -> list[str]:
    return [word for word, times in Counter(words).items() if times > 1]


def _names(pipeline: Declaration) -> Iterator[str]:
    for name in _twice(stage["name"] for stage in pipeline["stages"]):
        yield f"two stages {name}"
    for stage in pipeline["stages"]:
        for name in _twice(action["name"] for action in stage["actions"]):
            yield f"two actions {stage['name']}/{name}"
    made = [out["name"] for one in _all(pipeline) for out in one.get("outputArtifacts", ())]
    yield from (f"two artifacts {name}" for name in _twice(made))
    spaces = [one["namespace"] for one in _all(pipeline) if "namespace" in one]
    yield from (f"two namespaces {name}" for name in _twice(spaces))
    told = [one["name"] for one in pipeline.get("variables", ())]
    yield from (f"two variables {name}" for name in _twice(told))


def _counts(pipeline: Declaration) -> Iterator[str]:
    if not _STAGES[0] <= len(pipeline["stages"]) <= _STAGES[1]:
        yield f"{len(pipeline['stages'])} stages"
    if len(pipeline.get("variables", ())) > _VARIABLES:
        yield f"{len(pipeline['variables'])} variables"
    for stage in pipeline["stages"]:
        if not _ACTIONS[0] <= len(stage["actions"]) <= _ACTIONS[1]:
            yield f"{len(stage['actions'])} actions in {stage['name']}"
    for one in _all(pipeline):
        for side in ("inputArtifacts", "outputArtifacts"):
            if len(one.get(side, ())) > _ARTIFACTS:
                yield f"{len(one[side])} {side} of {one['name']}"
        for key, value in one.get("configuration", {}).items():
            if not isinstance(value, str) or not value or len(value) > _CONFIGURATION_VALUE:
                yield f"{key} of {one['name']} is no text of a configuration"


def _orders(stage: Declaration) -> Iterator[str]:
    orders = sorted({action.get("runOrder", 1) for action in stage["actions"]})
    if orders != list(range(1, len(orders) + 1)):
        yield f"the orders in {stage['name']} are {orders}"


def _sources(pipeline: Declaration) -> Iterator[str]:
    for number, stage in enumerate(pipeline["stages"]):
        for action in stage["actions"]:
            is_source = action["actionTypeId"]["category"] == "Source"
            if is_source != (number == 0):
                yield f"{stage['name']}/{action['name']} is in the wrong stage for a source"
    for one in pipeline.get("triggers", ()):
        named = one["gitConfiguration"]["sourceActionName"]
        if named not in {action["name"] for action in pipeline["stages"][0]["actions"]}:
            yield f"a trigger of {named}, which is no source"


def _flow(pipeline: Declaration) -> Iterator[str]:
    made: set[str] = set()
    for stage in pipeline["stages"]:
        for order in sorted({action.get("runOrder", 1) for action in stage["actions"]}):
            group = [one for one in stage["actions"] if one.get("runOrder", 1) == order]
            for one in group:
                taken = {each["name"] for each in one.get("inputArtifacts", ())}
                for name in taken - made:
                    yield f"{stage['name']}/{one['name']} takes {name}, which nothing made"
                for key in ("TemplatePath", "TemplateConfiguration"):
                    path = one.get("configuration", {}).get(key)
                    if path is not None and path.partition("::")[0] not in taken:
                        yield f"{key} of {one['name']} is in {path}, which it does not take"
            made |= {each["name"] for one in group for each in one.get("outputArtifacts", ())}


def _variables(pipeline: Declaration) -> Iterator[str]:
    known = {"codepipeline.PipelineExecutionId"}
    known |= {f"variables.{one['name']}" for one in pipeline.get("variables", ())}
    for stage in pipeline["stages"]:
        for action in stage["actions"]:
            for key, value in action.get("configuration", {}).items():
                for reference in _REFERENCE.findall(str(value)):
                    if reference not in known:
                        yield f"{key} of {action['name']} asks for {reference}"
        for action in stage["actions"]:
            if "namespace" in action:
                provider = action["actionTypeId"]["provider"]
                names = _OF_SOURCES.get(provider, "").split()
                known |= {f"{action['namespace']}.{name}" for name in names}
