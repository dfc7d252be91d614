"""A goal's template evaluated for its stack: which resources it has, in which order, and what
their properties come to, given what stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation import parameters
from landrail.localaws.services.cloudformation.intrinsics import (
    UNKNOWN,
    Scope,
    compute,
    condition,
    holds_unknown,
)
from landrail.localaws.services.cloudformation.references import references
from landrail.localaws.services.cloudformation.stacks import Goal, Stack
from landrail.localaws.services.cloudformation.template import URL_LIMIT, Declared, Template, parse
from landrail.localaws.services.cloudformation.types import TYPES
from landrail.localaws.services.cloudformation.types.kind import ResourceType
from landrail.localaws.services.cloudformation.types.shapes import coerce


@dataclass(frozen=True, slots=True)
class Outside:
    """What an evaluation asks of the world: exports by name, dynamic references by text."""

    imported: Callable[[str], str]
    dynamic: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A template with its conditions decided."""

    stack: Stack
    goal: Goal
    template: Template
    scope: Scope
    active: Mapping[str, Declared]
    edges: Mapping[str, set[str]]


Ref = Callable[[str], Any]
Attribute = Callable[[str, str], Any]


def evaluate(
    stack: Stack, goal: Goal, outside: Outside, ref: Ref, attribute: Attribute
) -> Evaluation:
    """Return the goal's template evaluated; `ref` and `attribute` say what resources stand for."""
    template = parse(goal.template, URL_LIMIT)
    values = {
        "AWS::AccountId": stack.account,
        "AWS::NotificationARNs": list(stack.notify),
        "AWS::Partition": "aws",
        "AWS::Region": stack.region,
        "AWS::StackId": stack.id,
        "AWS::StackName": stack.name,
        "AWS::URLSuffix": "amazonaws.com",
        **parameters.computed(template, goal.parameters, goal.resolved),
    }
    scope = Scope(values, template.mappings, template.conditions, ref, attribute, **_asked(outside))
    active = {
        name: declared
        for name, declared in template.resources.items()
        if declared.condition is None or condition(declared.condition, scope)
    }
    return Evaluation(stack, goal, template, scope, active, _edges(active))


def _asked(outside: Outside) -> dict[str, Any]:
    return {"imported": outside.imported, "dynamic": outside.dynamic}


def _edges(active: Mapping[str, Declared]) -> dict[str, set[str]]:
    result = {}
    for name, declared in active.items():
        needs = {reference.name for reference in references(dict(declared.properties))}
        result[name] = {n for n in (*needs, *declared.depends_on) if n in active}
    return result


def kind_of(declared: Declared) -> ResourceType:
    """Return the table entry of a declared resource."""
    return TYPES[declared.type]


def desired(evaluation: Evaluation, logical: str) -> dict[str, Any]:
    """Return a resource's computed properties, in the types of their shapes, with the stack's
    tags; parts still unknown stand as `UNKNOWN`. Raises ApiError ValidationError."""
    declared = evaluation.active[logical]
    entry = kind_of(declared)
    computed = compute(dict(declared.properties), evaluation.scope)
    result = {}
    for name, value in computed.items():
        if holds_unknown(value):
            result[name] = value
            continue
        try:
            result[name] = coerce(entry.properties[name], value)
        except (ValueError, TypeError, KeyError) as error:
            raise ApiError("ValidationError", f"{logical}: property {name}: {error}") from error
    return tagged(entry, result, evaluation.goal.tags)


def tagged(
    entry: ResourceType, properties: dict[str, Any], tags: Mapping[str, str]
) -> dict[str, Any]:
    """Return properties with the stack's tags below the resource's own."""
    name = entry.tags
    if name is None or not tags or properties.get(name) is UNKNOWN:
        return properties
    if entry.properties[name].kind == "map":
        return {**properties, name: {**tags, **properties.get(name, {})}}
    own = list(properties.get(name, []))
    keys = {tag["Key"] for tag in own}
    added = [{"Key": k, "Value": v} for k, v in sorted(tags.items()) if k not in keys]
    return {**properties, name: own + added}


def outputs(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Return the outputs in force, computed."""
    result = []
    for name, body in evaluation.template.outputs.items():
        gate = body.get("Condition")
        if gate is not None and not condition(gate, evaluation.scope):
            continue
        value = compute(body["Value"], evaluation.scope)
        entry = {"OutputKey": name, "OutputValue": value if value is UNKNOWN else _text(value)}
        if "Description" in body:
            entry["Description"] = str(body["Description"])
        if "Export" in body:
            entry["ExportName"] = compute(body["Export"].get("Name"), evaluation.scope)
        result.append(entry)
    return result


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise ApiError(
        "ValidationError",
        "Template format error: The Value field of every Outputs member must evaluate to a String.",
    )
