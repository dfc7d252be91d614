"""What a template may not ask for, found before anything is made: every mistake, by name.

Types, properties, attributes and functions that are not in the table are refused here, so that a
stack never seems complete without them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation import parameters
from landrail.localaws.services.cloudformation.intrinsics import FUNCTIONS
from landrail.localaws.services.cloudformation.references import find_cycle, references
from landrail.localaws.services.cloudformation.template import Declared, Template
from landrail.localaws.services.cloudformation.types import TYPES
from landrail.localaws.services.cloudformation.types.shapes import problems, unsupported

PSEUDO = frozenset(
    {
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)


def validate(template: Template) -> None:
    """Refuse a template with anything that is not supported; raises ApiError ValidationError with
    every mistake."""
    found = [
        *parameters.check(template),
        *_unknown_types(template),
        *_unresolved(template),
        *_functions(template),
        *_members(template),
    ]
    if not found:
        cycle = find_cycle(edges(template))
        if cycle:
            found.append(f"Circular dependency between resources: [{', '.join(cycle)}]")
    if found:
        raise ApiError("ValidationError", "Template format error: " + "; ".join(found))


def edges(template: Template) -> dict[str, set[str]]:
    """Return for each resource those that it needs, conditions left aside."""
    return {
        name: {
            r.name for r in references(dict(declared.properties)) if r.name in template.resources
        }
        | {needed for needed in declared.depends_on if needed in template.resources}
        for name, declared in template.resources.items()
    }


def _unknown_types(template: Template) -> Iterator[str]:
    unknown = sorted({d.type for d in template.resources.values()} - set(TYPES))
    if unknown:
        hints = [h for name in unknown for h in get_close_matches(name, TYPES, n=1, cutoff=0.85)]
        hint = f" (did you mean {', '.join(hints)}?)" if hints else ""
        yield f"Unrecognized resource types: [{', '.join(unknown)}]{hint}"


def _unresolved(template: Template) -> Iterator[str]:
    known = {*template.resources, *template.parameters, *PSEUDO}
    for section, values in (("Resources", _bodies(template)), ("Outputs", template.outputs)):
        missing = []
        for place, value in values.items():
            for reference in references(value):
                if reference.name not in known:
                    missing.append(reference.name)
                elif reference.attribute is not None:
                    yield from _attribute(template, place, reference.name, reference.attribute)
        if missing:
            names = ", ".join(sorted(set(missing)))
            yield f"Unresolved resource dependencies [{names}] in the {section} block of the template"  # noqa: E501 - AWS's words
    for name, declared in template.resources.items():
        for needed in declared.depends_on:
            if needed not in template.resources:
                yield f"Unresolved resource dependencies [{needed}] in the DependsOn of {name}"
    for reference in references(dict(template.conditions)):
        if reference.name not in {*template.parameters, *PSEUDO}:
            yield f"Unresolved dependencies [{reference.name}]. Cannot reference resources in the Conditions block of the template"  # noqa: E501 - AWS's words


def _bodies(template: Template) -> dict[str, Any]:
    return {name: dict(d.properties) for name, d in template.resources.items()}


def _attribute(template: Template, place: str, name: str, attribute: str) -> Iterator[str]:
    if name not in template.resources:
        yield f"instance of Fn::GetAtt references undefined resource {name}"
        return
    entry = TYPES.get(template.resources[name].type)
    if entry is not None and attribute not in ("*", *entry.attributes):
        yield (
            f"{place}: resource type {entry.name} does not support attribute {{{attribute}}} "
            f"(it has: {', '.join(entry.attributes) or 'none'})"
        )


def _functions(template: Template) -> Iterator[str]:
    for name, body in _bodies(template).items():
        yield from _walk(template, body, f"Resources/{name}")
    for name, body in template.outputs.items():
        yield from _walk(template, body, f"Outputs/{name}")
        yield from _output(template, name, body)
    for name, body in template.conditions.items():
        yield from _walk(template, body, f"Conditions/{name}")
    for name, declared in template.resources.items():
        condition = declared.condition
        if condition is not None and condition not in template.conditions:
            yield f"Unresolved condition {condition} of resource {name}"


def _output(template: Template, name: str, body: Mapping[str, Any]) -> Iterator[str]:
    if "Value" not in body:
        yield f"Every Outputs member must contain a Value object: {name}"
    for key in body:
        if key not in ("Value", "Description", "Export", "Condition"):
            yield f"Invalid output property {key} of {name}"
    condition = body.get("Condition")
    if condition is not None and condition not in template.conditions:
        yield f"Unresolved condition {condition} of output {name}"


def _walk(template: Template, value: Any, path: str) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _walk(template, item, path)
    if not isinstance(value, Mapping):
        return
    for key, item in value.items():
        name = str(key)
        if name.startswith("Fn::"):
            if name not in FUNCTIONS:
                yield f"{path}: intrinsic function {name} is not supported"
            elif len(value) != 1:
                yield f"{path}: {name} must stand alone in its object"
            else:
                yield from _arguments(template, name, item, path)
        yield from _walk(template, item, path)


_ARITY = {
    "Fn::If": (3, 3),
    "Fn::Equals": (2, 2),
    "Fn::And": (2, 10),
    "Fn::Or": (2, 10),
    "Fn::Not": (1, 1),
    "Fn::Join": (2, 2),
    "Fn::Select": (2, 2),
    "Fn::Split": (2, 2),
    "Fn::FindInMap": (3, 3),
    "Fn::Cidr": (2, 3),
    "Fn::GetAtt": (2, 2),
}


def _arguments(template: Template, name: str, argument: Any, path: str) -> Iterator[str]:
    if name == "Fn::GetAtt" and isinstance(argument, str):
        argument = argument.split(".", 1)
    low, high = _ARITY.get(name, (0, 0))
    if high and (not isinstance(argument, list) or not low <= len(argument) <= high):
        yield f"{path}: every {name} object requires a list of {low} to {high} arguments"
        return
    if name == "Fn::If" and argument[0] not in template.conditions:
        yield f"{path}: unresolved condition dependency {argument[0]}"
    if name == "Fn::FindInMap":
        table = argument[0]
        if isinstance(table, str) and table not in template.mappings:
            yield f"{path}: mapping named '{table}' is not present in the 'Mappings' section"
    if name == "Fn::Sub" and not (
        isinstance(argument, str) or (isinstance(argument, list) and len(argument) == 2)
    ):
        yield f"{path}: Fn::Sub requires a string, or a string and an object"


def _members(template: Template) -> Iterator[str]:
    for name, declared in template.resources.items():
        entry = TYPES.get(declared.type)
        if entry is None:
            continue
        where = f"resource {name} ({declared.type})"
        for member, value in declared.properties.items():
            if member not in entry.properties:
                yield f"{where}: {unsupported('/' + member, member, entry.properties)}"
            else:
                for problem in problems(entry.properties[member], value, "/" + member):
                    yield f"{where}: {problem}"
        for member in entry.required:
            if member not in declared.properties:
                yield f"{where}: required property {member} is missing"


def required_capability(template: Template) -> tuple[str | None, list[str]]:
    """Return the capability that a template needs (the stronger one) and the resource types that
    make it so."""
    named, types = False, set()
    for declared in template.resources.values():
        needs, by_name = _capability(declared)
        if needs:
            types.add(declared.type)
            named = named or by_name
    if not types:
        return None, []
    return ("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"), sorted(types)


def _capability(declared: Declared) -> tuple[bool, bool]:
    entry = TYPES.get(declared.type)
    if entry is None or entry.capability is None:
        return False, False
    return True, entry.capability in declared.properties


def check_capabilities(template: Template, given: list[str]) -> None:
    """Refuse a template that makes IAM resources without the caller's acknowledgement; raises
    ApiError InsufficientCapabilitiesException."""
    needed, _ = required_capability(template)
    if needed is None or "CAPABILITY_NAMED_IAM" in given or needed in given:
        return
    raise ApiError("InsufficientCapabilitiesException", f"Requires capabilities : [{needed}]")
