"""The shapes of resource properties: what a template may write, and when two values are the same.

A shape is a small value; it checks a template before anything is made (names and types, below
intrinsic functions too), turns texts such as `"true"` into what the API wants, and compares desired
with live. It makes no calls.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "text", "boolean", "integer", "number", "object", "list", "set", "map", "document", "tags"
]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a property holds. `members` and `required` are of objects, `item` of lists, sets
    (where order means nothing) and maps; a `document` is free JSON such as a policy, `tags` a list
    of Key and Value. `key` names the member that identifies an object in a set."""

    kind: Kind
    members: Mapping[str, Shape] = field(default_factory=dict)
    item: Shape | None = None
    required: tuple[str, ...] = ()
    key: str | None = None


TEXT = Shape("text")
BOOLEAN = Shape("boolean")
INTEGER = Shape("integer")
NUMBER = Shape("number")
DOCUMENT = Shape("document")
TAGS = Shape("tags")
TAG_MAP = Shape("map", item=TEXT)


def obj(*required: str, **members: Shape) -> Shape:
    """Return the shape of an object with these members."""
    return Shape("object", members=members, required=required)


def many(item: Shape) -> Shape:
    """Return the shape of a list whose order means something."""
    return Shape("list", item=item)


def some(item: Shape, key: str | None = None) -> Shape:
    """Return the shape of a list whose order means nothing."""
    return Shape("set", item=item, key=key)


def mapping(item: Shape) -> Shape:
    """Return the shape of an object whose keys are free."""
    return Shape("map", item=item)


def intrinsic(value: Any) -> str | None:
    """Return the name of the intrinsic function that `value` is, or None."""
    if isinstance(value, Mapping) and len(value) == 1:
        name = str(next(iter(value)))
        if name in ("Ref", "Condition") or name.startswith("Fn::"):
            return name
    return None


def problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Yield what is wrong with a property as the template writes it; functions are not computed,
    but both branches of an `Fn::If` are looked into."""
    function = intrinsic(value)
    if function == "Fn::If" and shape.kind != "document":
        branches = value["Fn::If"]
        if isinstance(branches, list) and len(branches) == 3:
            for branch in branches[1:]:
                yield from problems(shape, branch, path)
        return
    if function is not None and (function != "Condition" or shape.kind != "object"):
        return
    match shape.kind:
        case "object":
            yield from _object_problems(shape, value, path)
        case "list" | "set" if isinstance(value, list) and shape.item is not None:
            for index, item in enumerate(value):
                yield from problems(shape.item, item, f"{path}/{index}")
        case "list" | "set":
            yield f"{path}: expected a list"
        case "map" if isinstance(value, Mapping) and shape.item is not None:
            for key, item in value.items():
                yield from problems(shape.item, item, f"{path}/{key}")
        case "map":
            yield f"{path}: expected an object"
        case "tags":
            yield from problems(many(obj("Key", "Value", Key=TEXT, Value=TEXT)), value, path)
        case "document":
            if not isinstance(value, Mapping | str | list):
                yield f"{path}: expected a JSON document"
        case _:
            yield from _scalar_problems(shape, value, path)


def _object_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{path}: expected an object"
        return
    for name, item in value.items():
        if name in shape.members:
            yield from problems(shape.members[name], item, f"{path}/{name}")
        else:
            yield unsupported(f"{path}/{name}", name, shape.members)
    for name in shape.required:
        if name not in value:
            yield f"{path}: required property {name} is missing"


def unsupported(path: str, name: str, members: Mapping[str, Shape]) -> str:
    """Return the message about a property that is not in the table."""
    close = [known for known in members if known.lower() == name.lower()]
    hint = f"; did you mean {close[0]}?" if close else ""
    return f"{path}: encountered unsupported property {name}{hint}"


def _scalar_problems(shape: Shape, value: Any, path: str) -> Iterator[str]:
    try:
        coerce(shape, value)
    except ValueError as error:
        yield f"{path}: {error}"


def coerce(shape: Shape, value: Any) -> Any:
    """Return a computed value in the type that the API wants; raises ValueError."""
    match shape.kind:
        case "boolean":
            return _boolean(value)
        case "integer":
            return _whole(value)
        case "number":
            return float(value) if not isinstance(value, bool) else _refuse(value, "a number")
        case "text":
            return _text(value)
        case "object":
            if not isinstance(value, Mapping):
                return _refuse(value, "an object")
            return {k: coerce(shape.members[k], v) for k, v in value.items() if k in shape.members}
        case "list" | "set":
            if not isinstance(value, list) or shape.item is None:
                return _refuse(value, "a list")
            return [coerce(shape.item, item) for item in value]
        case "map":
            if not isinstance(value, Mapping) or shape.item is None:
                return _refuse(value, "an object")
            return {str(k): coerce(shape.item, v) for k, v in value.items()}
        case "tags":
            return [{"Key": _text(t["Key"]), "Value": _text(t["Value"])} for t in value]
        case "document":
            return _document(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return bool(_refuse(value, "true or false"))


def _whole(value: Any) -> int:
    if isinstance(value, bool):
        _refuse(value, "a whole number")
    try:
        return int(value)
    except (TypeError, ValueError):
        return int(_refuse(value, "a whole number"))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    return str(_refuse(value, "a text"))


def _document(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return _refuse(value, "a JSON document")


def _refuse(value: Any, wanted: str) -> Any:
    raise ValueError(f"expected {wanted}, found {type(value).__name__}")
