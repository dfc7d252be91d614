"""Comparing what was desired with what is live, property by property.

Only what the desired side names is compared, as drift detection does; inside free documents
(policies) everything counts, after the forms that AWS treats as equal are made one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.services.cloudformation.types.shapes import Shape

_ROOT = re.compile(r"^arn:aws[a-z-]*:iam::(\d{12}):root$")


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: `path` like `/VersioningConfiguration/Status`; `kind` is `ADD` (live has
    more), `REMOVE` (live lacks it) or `NOT_EQUAL`."""

    path: str
    expected: Any
    actual: Any
    kind: str


def differences(shape: Shape, expected: Any, actual: Any, path: str) -> Iterator[Difference]:
    """Yield how `actual` differs from `expected`, both in the types of the shape."""
    if actual is None:
        yield Difference(path, expected, None, "REMOVE")
        return
    match shape.kind:
        case "object" if isinstance(actual, Mapping):
            for name, wanted in expected.items():
                member = shape.members[name]
                yield from differences(member, wanted, actual.get(name), f"{path}/{name}")
        case "map" if isinstance(actual, Mapping):
            yield from _keyed(expected, actual, path)
        case "tags":
            yield from _keyed(_tag_map(expected), _tag_map(actual), path)
        case "set" if isinstance(actual, list) and shape.item is not None:
            yield from _sets(shape, expected, actual, path)
        case "list" if isinstance(actual, list) and shape.item is not None:
            yield from _lists(shape.item, expected, actual, path)
        case "document":
            yield from _documents(normal(expected), normal(actual), path)
        case _:
            if expected != actual:
                yield Difference(path, expected, actual, "NOT_EQUAL")


def same(shape: Shape, one: Any, other: Any) -> bool:
    """Whether two desired values mean the same: nothing named by either may differ."""
    if one is None or other is None:
        return one is other
    return not any(differences(shape, one, other, "")) and not any(
        differences(shape, other, one, "")
    )


def _keyed(
    expected: Mapping[str, Any], actual: Mapping[str, Any], path: str
) -> Iterator[Difference]:
    for key in sorted({*expected, *actual}):
        if key not in actual:
            yield Difference(f"{path}/{key}", expected[key], None, "REMOVE")
        elif key not in expected:
            yield Difference(f"{path}/{key}", None, actual[key], "ADD")
        elif expected[key] != actual[key]:
            yield Difference(f"{path}/{key}", expected[key], actual[key], "NOT_EQUAL")


def _tag_map(tags: list[dict[str, str]]) -> dict[str, str]:
    return {t["Key"]: t["Value"] for t in tags if not t["Key"].startswith("aws:")}


def _lists(item: Shape, expected: list[Any], actual: list[Any], path: str) -> Iterator[Difference]:
    for index, wanted in enumerate(expected):
        found = actual[index] if index < len(actual) else None
        yield from differences(item, wanted, found, f"{path}/{index}")
    for index in range(len(expected), len(actual)):
        yield Difference(f"{path}/{index}", None, actual[index], "ADD")


def _sets(shape: Shape, expected: list[Any], actual: list[Any], path: str) -> Iterator[Difference]:
    item = shape.item
    assert item is not None
    left = list(actual)
    for index, wanted in enumerate(expected):
        place = f"{path}/{index}"
        exact = next((f for f in left if not any(differences(item, wanted, f, ""))), None)
        if exact is not None:
            left.remove(exact)
            continue
        named = next((f for f in left if shape.key and f.get(shape.key) == wanted[shape.key]), None)
        if named is not None:
            left.remove(named)
            yield from differences(item, wanted, named, place)
        else:
            yield Difference(place, wanted, None, "REMOVE")
    for index, found in enumerate(left):
        yield Difference(f"{path}/{len(expected) + index}", None, found, "ADD")


def _documents(expected: Any, actual: Any, path: str) -> Iterator[Difference]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted({*expected, *actual}):
            if key not in actual:
                yield Difference(f"{path}/{key}", expected[key], None, "REMOVE")
            elif key not in expected:
                yield Difference(f"{path}/{key}", None, actual[key], "ADD")
            else:
                yield from _documents(expected[key], actual[key], f"{path}/{key}")
    elif (
        isinstance(expected, list)
        and isinstance(actual, list)
        and len(expected) == len(actual)
        and any(isinstance(i, dict) for i in expected)
    ):
        for index, (wanted, found) in enumerate(zip(expected, actual, strict=True)):
            yield from _documents(wanted, found, f"{path}/{index}")
    elif expected != actual:
        yield Difference(path, expected, actual, "NOT_EQUAL")


def normal(value: Any) -> Any:
    """Return a JSON document in one form: lists of one as their item, texts sorted, an account's
    root as its id; so that policies that AWS writes back differently still compare equal."""
    if isinstance(value, str):
        root = _ROOT.match(value)
        return root[1] if root else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        items = [normal(item) for item in value]
        if len(items) == 1:
            return items[0]
        if all(isinstance(item, str) for item in items):
            return sorted(set(items))
        return items
    return value


def written(value: Any) -> str:
    """Return a value as drift reports and change details show it."""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
