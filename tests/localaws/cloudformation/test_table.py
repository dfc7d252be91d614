"""The table of types against AWS's own schemas, and its page against the table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from landrail.localaws.services.cloudformation.types import TYPES
from landrail.localaws.services.cloudformation.types.page import page
from landrail.localaws.services.cloudformation.types.shapes import Shape

PAGE = Path(__file__).resolve().parents[3] / "docs" / "resource-types.md"

# Changes that AWS's documentation makes a replacement though its schema does not say so.
DOCUMENTED = {
    ("AWS::EC2::VPC", "InstanceTenancy"),
    ("AWS::Events::Rule", "EventBusName"),
    ("AWS::Glue::Database", "CatalogId"),
    ("AWS::Logs::LogGroup", "LogGroupClass"),
    ("AWS::SageMaker::Domain", "VpcId"),
}
SCALARS = {"text": "string", "boolean": "boolean", "integer": "integer", "number": "number"}


def followed(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        part = schema["definitions"][part["$ref"].rsplit("/", 1)[-1]]
    return part


def mismatches(
    schema: dict[str, Any], part: dict[str, Any], shape: Shape, path: str
) -> Iterator[str]:
    part = followed(schema, part)
    if shape.kind == "object":
        known = part.get("properties", {})
        for name, member in shape.members.items():
            if name in known:
                yield from mismatches(schema, known[name], member, f"{path}/{name}")
            else:
                yield f"{path}/{name} is not AWS's"
        yield from (
            f"{path}/{name} is required by AWS"
            for name in part.get("required", [])
            if name not in shape.required
        )
    elif shape.kind in ("list", "set") and shape.item is not None:
        yield from mismatches(schema, part["items"], shape.item, f"{path}/*")
    elif shape.kind in SCALARS:
        types = part.get("type", [])
        if types and SCALARS[shape.kind] not in ([types] if isinstance(types, str) else types):
            yield f"{path} is a {types}, not a {shape.kind}"


@pytest.mark.parametrize("name", sorted(TYPES))
def test_a_type_says_what_its_schema_says(name):
    entry = TYPES[name]
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-west-1", name).schema
    shape = Shape("object", entry.properties, required=entry.required)
    assert list(mismatches(schema, schema, shape, "")) == []
    fixed = {path.removeprefix("/properties/") for path in schema.get("createOnlyProperties", [])}
    assert fixed & set(entry.properties) <= entry.replaces
    assert {(name, extra) for extra in entry.replaces - fixed} <= DOCUMENTED


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(TYPES), (
        "run `python -m landrail.localaws.services.cloudformation.types > docs/resource-types.md`"
    )
