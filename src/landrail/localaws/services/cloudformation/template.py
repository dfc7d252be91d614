"""A template's text as a value: JSON, or YAML with the short forms of the intrinsic functions.

Reading alone: what the template asks for is checked in `validation` and computed in `intrinsics`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml

from landrail.localaws.api import ApiError

BODY_LIMIT = 51_200
URL_LIMIT = 1_048_576

_SECTIONS = (
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Resources",
    "Outputs",
)
_ATTRIBUTES = (
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
)
_POLICIES = ("Delete", "Retain", "RetainExceptOnCreate")


@dataclass(frozen=True, slots=True)
class Declared:
    """A resource as the template declares it; properties still hold their functions."""

    type: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    deletion_policy: str | None = None
    replace_policy: str | None = None
    metadata: Any = None


@dataclass(frozen=True, slots=True)
class Template:
    """A template taken apart; `text` is what was given."""

    text: str
    resources: Mapping[str, Declared]
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    description: str | None = None
    version: str | None = None
    metadata: Any = None


class _Loader(yaml.SafeLoader):
    """SafeLoader with `!Ref` and its kin, and without YAML's own dates."""


def _short(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


def _unique(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            line = key_node.start_mark.line + 1
            raise malformed(f"duplicate mapping key {key} (line {line})")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_multi_constructor("!", _short)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _unique)


def malformed(what: str) -> ApiError:
    """Return the error for a template that is not one."""
    return ApiError("ValidationError", f"Template format error: {what}")


def load(text: str) -> dict[str, Any]:
    """Return the document of a template's text; raises ApiError ValidationError."""
    stripped = text.lstrip()
    try:
        json_like = stripped.startswith("{")
        document = json.loads(text) if json_like else yaml.load(text, Loader=_Loader)
    except json.JSONDecodeError as error:
        where = f"(line {error.lineno}, column {error.colno})"
        raise malformed(f"JSON not well-formed. {where}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise malformed(f"YAML not well-formed.{where}") from error
    if not isinstance(document, dict):
        raise malformed("unsupported structure.")
    plain: dict[str, Any] = _plain(document)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key.isoformat() if isinstance(key, date) else str(key): _plain(item)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def parse(text: str, limit: int = BODY_LIMIT) -> Template:
    """Return the template of a text; raises ApiError ValidationError naming what is wrong."""
    if len(text.encode()) > limit:
        raise ApiError(
            "ValidationError",
            f"1 validation error detected: Value at 'templateBody' failed to satisfy constraint: "
            f"Member must have length less than or equal to {limit}",
        )
    document = load(text)
    unknown = [name for name in document if name not in _SECTIONS]
    if unknown:
        raise malformed(f"Invalid template property or properties {_listed(unknown)}")
    declared = _section(document, "Resources")
    if not declared:
        raise malformed("At least one Resources member must be defined.")
    version = document.get("AWSTemplateFormatVersion")
    if version is not None and version != "2010-09-09":
        raise malformed("Template version is not supported: " + str(version))
    return Template(
        text=text,
        resources={name: _declared(name, body) for name, body in declared.items()},
        parameters=_section(document, "Parameters"),
        mappings=_section(document, "Mappings"),
        conditions=_section(document, "Conditions"),
        outputs=_section(document, "Outputs"),
        description=_description(document),
        version=version,
        metadata=document.get("Metadata"),
    )


def _listed(names: list[str]) -> str:
    return "[" + ", ".join(names) + "]"


def _description(document: Mapping[str, Any]) -> str | None:
    description = document.get("Description")
    if description is None:
        return None
    if not isinstance(description, str):
        raise malformed("Description must be a string.")
    if len(description.encode()) > 1024:
        raise malformed("'Description' length is greater than 1024.")
    return description


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise malformed(f"{name} must be an object.")
    singular = {"Resources": "Resource", "Parameters": "Parameter", "Outputs": "Output"}.get(name)
    for key, body in section.items():
        if singular and not key.isalnum():
            raise malformed(f"{singular} name {key} is non alphanumeric.")
        if name != "Conditions" and not isinstance(body, dict):
            raise malformed(f"[/{name}/{key}] '{key}' must be an object.")
    return section


def _declared(name: str, body: Mapping[str, Any]) -> Declared:
    place = f"[/Resources/{name}]"
    unknown = [key for key in body if key not in _ATTRIBUTES]
    if unknown:
        raise malformed(f"{place} resource attributes not supported: {_listed(unknown)}")
    if not isinstance(body.get("Type"), str):
        raise malformed(f"[/Resources/{name}] Every Resources object must contain a Type member.")
    for attribute in ("DeletionPolicy", "UpdateReplacePolicy"):
        policy = body.get(attribute)
        if policy is not None and policy not in _POLICIES:
            hint = " (Snapshot is of types that are not supported)" if policy == "Snapshot" else ""
            raise malformed(f"{place} {attribute} {policy} is not supported{hint}")
    depends = body.get("DependsOn", [])
    depends = [depends] if isinstance(depends, str) else depends
    if not isinstance(depends, list) or not all(isinstance(d, str) for d in depends):
        raise malformed(f"{place} DependsOn must be a string or list of strings.")
    properties = body.get("Properties") or {}
    if not isinstance(properties, dict):
        raise malformed(f"{place} Properties must be an object.")
    return Declared(
        type=body["Type"],
        properties=properties,
        depends_on=tuple(depends),
        condition=body.get("Condition"),
        deletion_policy=body.get("DeletionPolicy"),
        replace_policy=body.get("UpdateReplacePolicy"),
        metadata=body.get("Metadata"),
    )
