"""The pipeline as a whole: what its shape, its type and its stages must be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.codepipeline.definition.action_checks import check_action
from landrail.localaws.services.codepipeline.definition.condition_checks import check_conditions
from landrail.localaws.services.codepipeline.definition.data_flow import Made, check_flow
from landrail.localaws.services.codepipeline.definition.trigger_checks import check_triggers
from landrail.localaws.services.codepipeline.definition.wrong import Wrong, stage, structure, twice
from landrail.localaws.services.codepipeline.machine.document import groups

Declaration = Mapping[str, Any]
_MOST_STAGES, _MOST_ACTIONS = 50, 50


def check(pipeline: Declaration, region: str) -> None:
    """Raise ApiError with everything that is wrong in a pipeline."""
    wrong = [
        *_top(pipeline),
        *_of_type(pipeline),
        *_stages(pipeline, region),
        *check_triggers(pipeline),
    ]
    if wrong:
        raise ApiError(wrong[0].code, "; ".join(one.message for one in wrong))


def actions(pipeline: Declaration) -> Iterator[tuple[Declaration, Declaration]]:
    """Yield each stage with each of its actions."""
    for one in pipeline["stages"]:
        for action in one["actions"]:
            yield one, action


def _top(pipeline: Declaration) -> Iterator[Wrong]:
    if pipeline.get("artifactStores"):
        told = "artifactStores (several regions) are not supported by the local AWS: artifactStore"
        yield structure(told)
    elif not pipeline.get("artifactStore"):
        yield structure("Pipeline must have an artifactStore")
    names = [str(one["name"]) for one in pipeline["stages"]]
    if len(names) < 2:
        yield structure(
            f"Pipeline has only {len(names)} stage(s). There should be a minimum of 2 stages in a "
            "pipeline"
        )
    if len(names) > _MOST_STAGES:
        yield structure(f"Pipeline has {len(names)} stages. The maximum is {_MOST_STAGES}")
    for name in twice(names):
        yield structure(f"Stage names must be unique. {name} has been used more than once.")
    for name in twice([str(one["name"]) for one in pipeline.get("variables") or []]):
        yield structure(f"Variable names must be unique. {name} has been used more than once.")
    if not any(act["actionTypeId"]["category"] != "Source" for _, act in actions(pipeline)):
        yield structure("At least one stage must contain an action that is not a source action")


def _of_type(pipeline: Declaration) -> Iterator[Wrong]:
    """What only pipelines of type V2 have."""
    if pipeline.get("pipelineType", "V1") == "V2":
        return
    mode = pipeline.get("executionMode", "SUPERSEDED")
    if mode != "SUPERSEDED":
        yield structure(f"Execution mode {mode} is supported by pipelines of type V2 only")
    for name in ("variables", "triggers"):
        if pipeline.get(name):
            yield structure(f"Pipeline {name} are supported by pipelines of type V2 only")
    for one in pipeline["stages"]:
        for name in ("beforeEntry", "onSuccess", "onFailure"):
            if one.get(name):
                told = f"{name} is supported by pipelines of type V2 only"
                yield stage(f"Stage {one['name']}: {told}")


def _stages(pipeline: Declaration, region: str) -> Iterator[Wrong]:
    made = Made.before(pipeline)
    for number, one in enumerate(pipeline["stages"]):
        name = one["name"]
        if one.get("blockers"):
            yield stage(f"Stage {name}: blockers are not supported by the local AWS")
        if not one["actions"]:
            yield stage(f"Stage {name} must have at least one action")
        if len(one["actions"]) > _MOST_ACTIONS:
            yield stage(f"Stage {name} has {len(one['actions'])} actions. The maximum is 50")
        for again in twice([str(each["name"]) for each in one["actions"]]):
            yield stage(
                f"Action names must be unique within stage {name}. {again} has been used more than "
                "once."
            )
        yield from check_conditions(pipeline, one, number == 0, made)
        for group in groups(one):
            for each in group:
                yield from check_action(each, region, first=number == 0)
                yield from check_flow(each, name, made)
            made = made.after(group)
