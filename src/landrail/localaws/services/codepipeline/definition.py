"""What a pipeline may be: the structure checked before it is kept.

Everything the engine cannot do is refused here, so that no stage is passed over in silence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError

NAME = re.compile(r"[A-Za-z0-9.@\-_]{1,100}")
ARTIFACT = re.compile(r"[A-Za-z0-9_\-]{1,100}")


@dataclass(frozen=True, slots=True)
class Provider:
    """What an action of one provider takes: configuration keys, and how many artifacts."""

    required: frozenset[str]
    optional: frozenset[str]
    inputs: tuple[int, int]
    outputs: tuple[int, int]


def _keys(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BUILD = Provider(_keys("ProjectName"), _keys("PrimarySource EnvironmentVariables"), (1, 5), (0, 5))
PROVIDERS: Mapping[tuple[str, str], Provider] = {
    ("Source", "CodeCommit"): Provider(
        _keys("RepositoryName BranchName"),
        _keys("PollForSourceChanges OutputArtifactFormat"),
        (0, 0),
        (1, 1),
    ),
    ("Source", "S3"): Provider(
        _keys("S3Bucket S3ObjectKey"), _keys("PollForSourceChanges"), (0, 0), (1, 1)
    ),
    ("Build", "CodeBuild"): _BUILD,
    ("Test", "CodeBuild"): _BUILD,
    ("Deploy", "CloudFormation"): Provider(
        _keys("ActionMode StackName"),
        _keys(
            "Capabilities ChangeSetName OutputFileName ParameterOverrides RoleArn "
            "TemplateConfiguration TemplatePath"
        ),
        (0, 10),
        (0, 1),
    ),
    ("Approval", "Manual"): Provider(
        frozenset(), _keys("CustomData ExternalEntityLink NotificationArn"), (0, 0), (0, 0)
    ),
}
MODES = (
    *("CREATE_UPDATE", "REPLACE_ON_FAILURE", "DELETE_ONLY"),
    *("CHANGE_SET_REPLACE", "CHANGE_SET_EXECUTE"),
)
_STAGE_REFUSED = ("onFailure", "onSuccess", "beforeEntry", "blockers")
_ACTION_REFUSED = ("commands", "environmentVariables", "outputVariables")


def check(pipeline: Mapping[str, Any], region: str) -> None:
    """Raise InvalidStructureException with everything that is wrong in a pipeline."""
    wrong = [*_top(pipeline), *_stages(pipeline.get("stages") or [], region)]
    if wrong:
        raise ApiError("InvalidStructureException", "; ".join(wrong))


def actions(pipeline: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Yield each stage with each of its actions."""
    for stage in pipeline["stages"]:
        for action in stage["actions"]:
            yield stage, action


def _top(pipeline: Mapping[str, Any]) -> Iterator[str]:
    if not NAME.fullmatch(str(pipeline.get("name", ""))):
        yield f"pipeline name {pipeline.get('name')!r} is not valid"
    if not str(pipeline.get("roleArn", "")).startswith("arn:"):
        yield "roleArn is not a role ARN"
    store = pipeline.get("artifactStore")
    if pipeline.get("artifactStores"):
        yield "artifactStores (several regions) are not supported by the local AWS: artifactStore"
    elif not store or store.get("type") != "S3" or not store.get("location"):
        yield "artifactStore must be of type S3 and name a bucket"
    if pipeline.get("pipelineType", "V1") not in ("V1", "V2"):
        yield f"pipelineType {pipeline['pipelineType']!r} is not V1 or V2"
    mode = pipeline.get("executionMode", "SUPERSEDED")
    if mode not in ("SUPERSEDED", "QUEUED"):
        yield f"executionMode {mode} is not supported by the local AWS: SUPERSEDED, QUEUED"
    if pipeline.get("triggers"):
        yield "triggers are not supported by the local AWS: start the pipeline from an Events rule"
    if pipeline.get("variables") and pipeline.get("pipelineType", "V1") != "V2":
        yield "pipeline variables need pipelineType V2"


def _stages(stages: list[Mapping[str, Any]], region: str) -> Iterator[str]:
    if len(stages) < 2:
        yield "Pipeline should have at least 2 stages"
    names = [str(stage.get("name")) for stage in stages]
    yield from (f"stage name {name} is used twice" for name in _twice(names))
    made: set[str] = set()
    for number, stage in enumerate(stages):
        where = f"stage {stage.get('name')}"
        if not NAME.fullmatch(str(stage.get("name", ""))):
            yield f"stage name {stage.get('name')!r} is not valid"
        for name in _STAGE_REFUSED:
            if stage.get(name):
                yield f"{where}: {name} is not supported by the local AWS"
        if not stage.get("actions"):
            yield f"{where}: no actions"
        yield from (
            f"{where}: action name {name} is used twice"
            for name in _twice([str(one.get("name")) for one in stage.get("actions") or []])
        )
        ordered = sorted(stage.get("actions") or [], key=lambda one: int(one.get("runOrder") or 1))
        for action in ordered:
            yield from _action(action, where, number == 0, made, region)
            made |= {str(one["name"]) for one in action.get("outputArtifacts") or []}


def _action(
    action: Mapping[str, Any], stage: str, first: bool, made: set[str], region: str
) -> Iterator[str]:
    where = f"{stage}, action {action.get('name')}"
    kind = action.get("actionTypeId") or {}
    provider = PROVIDERS.get((str(kind.get("category")), str(kind.get("provider"))))
    if provider is None or kind.get("owner") != "AWS":
        known = ", ".join(" ".join(one) for one in PROVIDERS)
        told = f"{kind.get('owner')} {kind.get('category')} {kind.get('provider')}"
        yield f"{where}: {told} is not supported by the local AWS: {known}"
        return
    if not NAME.fullmatch(str(action.get("name", ""))):
        yield f"{where}: the name is not valid"
    if first != (kind["category"] == "Source"):
        yield f"{where}: Source actions stand in the first stage, and nothing else does"
    for name in _ACTION_REFUSED:
        if action.get(name):
            yield f"{where}: {name} is not supported by the local AWS"
    if action.get("region") not in (None, region):
        yield f"{where}: an action in another region is not supported by the local AWS"
    yield from _configuration(action, where, provider)
    yield from _artifacts(action, where, provider, made)


def _configuration(action: Mapping[str, Any], where: str, provider: Provider) -> Iterator[str]:
    given = action.get("configuration") or {}
    for name in sorted(provider.required - set(given)):
        yield f"{where}: configuration {name} is missing"
    for name in sorted(set(given) - provider.required - provider.optional):
        yield f"{where}: configuration {name} is not supported by the local AWS"
    mode = given.get("ActionMode")
    if mode is not None and mode not in MODES:
        yield f"{where}: ActionMode {mode} is not one of {', '.join(MODES)}"
    with_template = mode in ("CREATE_UPDATE", "REPLACE_ON_FAILURE", "CHANGE_SET_REPLACE")
    if with_template and "TemplatePath" not in given:
        yield f"{where}: configuration TemplatePath is missing"
    if str(mode).startswith("CHANGE_SET") and "ChangeSetName" not in given:
        yield f"{where}: configuration ChangeSetName is missing"
    if given.get("OutputArtifactFormat", "CODE_ZIP") != "CODE_ZIP":
        yield f"{where}: OutputArtifactFormat {given['OutputArtifactFormat']}: only CODE_ZIP"
    for name in ("EnvironmentVariables", "ParameterOverrides"):
        if name in given and not _is_json(given[name]):
            yield f"{where}: configuration {name} is not JSON"


def _artifacts(
    action: Mapping[str, Any], where: str, provider: Provider, made: set[str]
) -> Iterator[str]:
    inputs = [str(one.get("name")) for one in action.get("inputArtifacts") or []]
    outputs = [str(one.get("name")) for one in action.get("outputArtifacts") or []]
    for what, names, limits in (
        ("input", inputs, provider.inputs),
        ("output", outputs, provider.outputs),
    ):
        if not limits[0] <= len(names) <= limits[1]:
            yield f"{where}: {len(names)} {what} artifacts, {limits[0]} to {limits[1]} are allowed"
    for name in inputs:
        if name not in made:
            yield f"{where}: input artifact {name} is no earlier action's output"
    for name in outputs:
        if not ARTIFACT.fullmatch(name):
            yield f"{where}: output artifact name {name!r} is not valid"
        if name in made:
            yield f"{where}: output artifact {name} is made twice"


def _twice(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _is_json(text: object) -> bool:
    try:
        json.loads(str(text))
    except ValueError:
        return False
    return True
