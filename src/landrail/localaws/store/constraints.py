"""Values checked against botocore's description of a shape, with the words that AWS uses.

Required members, patterns, lengths, enumerations and ranges: what AWS refuses before it looks at
anything else. Which error it makes of that is for the service to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import Shape


def broken(shape: Any, value: Any, place: str) -> Iterator[str]:
    """Yield what in a value breaks its shape, in AWS's words; `place` is where it stands."""
    if shape is None:
        return
    kind = shape.type_name
    if kind == "structure" and isinstance(value, Mapping):
        yield from _structure(shape, value, place)
    elif kind == "list" and isinstance(value, list | tuple):
        yield from _size(shape, len(value), value, place)
        for number, item in enumerate(value, 1):
            yield from broken(shape.member, item, f"{place}.{number}.member")
    elif kind == "map" and isinstance(value, Mapping):
        yield from _size(shape, len(value), value, place)
        for key, item in value.items():
            yield from broken(shape.value, item, f"{place}.{key}.member")
    elif kind == "string" and isinstance(value, str):
        yield from _string(shape, value, place)
    elif kind in ("integer", "long", "float", "double") and isinstance(value, int | float):
        yield from _size(shape, value, value, place, "value")


def _structure(shape: Any, value: Mapping[str, Any], place: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _failed(None, _join(place, name), "Member must not be null")
    for name, item in value.items():
        if name in shape.members and item is not None:
            yield from broken(shape.members[name], item, _join(place, name))


def _string(shape: Shape, value: str, place: str) -> Iterator[str]:
    yield from _size(shape, len(value), value, place)
    metadata: Mapping[str, Any] = shape.metadata
    pattern = metadata.get("pattern")
    if pattern is not None and not _matches(pattern, value):
        yield _failed(value, place, f"Member must satisfy regular expression pattern: {pattern}")
    choices = metadata.get("enum")
    if choices and value not in choices:
        yield _failed(value, place, f"Member must satisfy enum value set: [{', '.join(choices)}]")


def _size(shape: Shape, size: float, value: Any, place: str, what: str = "length") -> Iterator[str]:
    metadata: Mapping[str, Any] = shape.metadata
    words = "have length " if what == "length" else "have value "
    if "min" in metadata and size < metadata["min"]:
        yield _failed(
            value, place, f"Member must {words}greater than or equal to {metadata['min']}"
        )
    if "max" in metadata and size > metadata["max"]:
        yield _failed(value, place, f"Member must {words}less than or equal to {metadata['max']}")


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value, re.DOTALL) is not None
    except re.error:
        # Written for Java; a few have no meaning for Python and are left to AWS.
        return True


def _failed(value: Any, place: str, constraint: str) -> str:
    shown = "null" if value is None else f"'{value}'"
    return f"Value {shown} at '{place}' failed to satisfy constraint: {constraint}"


def _join(place: str, name: str) -> str:
    first = name[:1].lower() + name[1:]
    return f"{place}.{first}" if place else first
