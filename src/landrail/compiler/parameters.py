"""Whether a model's parameters fit into its pipelines: CodePipeline takes so many variables, and so
many characters in the configuration of an action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.compiler import kinds, site
from landrail.compiler.parts.codepipeline import LONGEST_VALUE, MOST_VARIABLES
from landrail.diagnostics import Diagnostic
from landrail.resources import Stack, Wanted
from landrail.spec import Platform

_REMEDY = "keep in the file what executions change; the rest belongs into the repository's recipe"


def check(platform: Platform, wanted: Wanted) -> Iterator[Diagnostic]:
    """Yield a mistake for each model whose parameters do not fit."""
    pipelines = dict(_pipelines(wanted))
    for model, entry in platform.models.items():
        place = platform.where("models", model, "parameters")
        for suffix in kinds.suffixes(platform, model):
            properties = pipelines.get(f"{site.model_name(model)}{suffix}")
            said = _too_much(properties, len(entry.parameters)) if properties else None
            if said:
                yield Diagnostic(f"model `{model}` has {said}", _REMEDY, place)
                break


def _pipelines(wanted: Wanted) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for stack in wanted.of_kind(Stack):
        for made in stack.template["Resources"].values():
            if made["Type"] == "AWS::CodePipeline::Pipeline":
                yield made["Properties"]["Name"], made["Properties"]


def _too_much(properties: Mapping[str, Any], parameters: int) -> str | None:
    variables = len(properties.get("Variables", ()))
    if variables > MOST_VARIABLES:
        own = variables - parameters
        return (
            f"{parameters} parameters, and {own} variables are there beside them: CodePipeline "
            f"takes {MOST_VARIABLES}"
        )
    longest = max(
        len(action["Configuration"].get("EnvironmentVariables", ""))
        for stage in properties["Stages"]
        for action in stage["Actions"]
    )
    if longest > LONGEST_VALUE:
        return (
            f"{parameters} parameters whose names take {longest} characters of an action's "
            f"configuration: CodePipeline takes {LONGEST_VALUE}"
        )
    return None
