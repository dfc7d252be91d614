"""Pipelines and build projects of templates in the shapes of their services' APIs, and what is
wrong with them by botocore's models."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.model import Shape
from botocore.validate import ParamValidator

from landrail.resources import Stack, Wanted

PIPELINE, PROJECT = "AWS::CodePipeline::Pipeline", "AWS::CodeBuild::Project"
_TOKEN = re.compile(r"@\{[^}]*\}")
_OPERATIONS = {
    PIPELINE: ("codepipeline", "CreatePipeline", "pipeline"),
    PROJECT: ("codebuild", "CreateProject", None),
}
_OF_CLOUDFORMATION = {PIPELINE: {"RestartExecutionOnUpdate", "Tags"}, PROJECT: {"Triggers"}}
"""What only CloudFormation has, or hands over in a call of its own."""


def definitions(wanted: Wanted, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each pipeline or project of the templates, with its stack, as the API takes it."""
    for stack in wanted.of_kind(Stack):
        for made in stack.template["Resources"].values():
            if made["Type"] == kind:
                given = {
                    key: value
                    for key, value in made["Properties"].items()
                    if key not in _OF_CLOUDFORMATION[kind]
                }
                yield str(stack.address), filled(as_api(shape_of(kind), given))


@cache
def shape_of(kind: str) -> Shape:
    """Return the shape that the API gives a pipeline or a project."""
    service, operation, member = _OPERATIONS[kind]
    model = botocore.session.Session().get_service_model(service)
    shape = model.operation_model(operation).input_shape
    return shape.members[member] if member else shape


def as_api(shape: Any, value: Any) -> Any:
    """Return a value of a template as the API spells it: CloudFormation's names begin with a
    capital, and are else the same but for case. A name that the API does not have stays as it is,
    for its model to refuse."""
    if shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, Mapping):
        names = {name.lower(): name for name in shape.members}
        spelled = {key: names.get(key.lower(), key) for key in value}
        return {
            spelled[key]: as_api(shape.members.get(spelled[key]), each)
            for key, each in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [as_api(shape.member, each) for each in value]
    if shape.type_name == "map" and isinstance(value, Mapping):
        return {key: as_api(shape.value, each) for key, each in value.items()}
    return value


def by_botocore(kind: str, definition: Mapping[str, Any]) -> list[str]:
    """Return what botocore's own validation finds, and the names it does not know."""
    shape = shape_of(kind)
    found = ParamValidator().validate(definition, shape)
    said = [found.generate_report()] if found.has_errors() else []
    return [*said, *_unknown(shape, definition, "")]


def _unknown(shape: Any, value: Any, place: str) -> Iterator[str]:
    if shape.type_name == "structure" and isinstance(value, Mapping):
        for key, each in value.items():
            if key in shape.members:
                yield from _unknown(shape.members[key], each, f"{place}.{key}")
            else:
                yield f"{place}.{key} is not of the API"
    elif shape.type_name == "list" and isinstance(value, list):
        for number, each in enumerate(value):
            yield from _unknown(shape.member, each, f"{place}[{number}]")


def filled(value: Any) -> Any:
    """Return a value with a number where the platform's own tokens stand for one."""
    if isinstance(value, str):
        return _TOKEN.sub("012345678901", value)
    if isinstance(value, dict):
        return {key: filled(each) for key, each in value.items()}
    if isinstance(value, list):
        return [filled(each) for each in value]
    return value
