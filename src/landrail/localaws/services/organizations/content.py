"""Is a document one of its type? Management policies by their operators, and, of the types whose
settings are in force here or commonly used, by these settings.

Source: Organizations User Guide, "Management policy syntax and inheritance", "Inheritance
operators", and the syntax pages of S3, EC2's declarative, AI services opt-out and tag policies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.organizations.kinds import KINDS
from landrail.localaws.services.organizations.settings import ONE_OF, Shape, shape_of

_VALUES = ("@@assign", "@@append", "@@remove")
_CHILDREN = "@@operators_allowed_for_child_policies"
_ALLOWED = frozenset({*_VALUES, "@@all", "@@none"})
_DEEPEST = 32


def check_content(kind: str, text: str) -> None:
    """Raise ApiError for a document that a type does not take. What authorizes is looked at by the
    gateway, with all other policies."""
    if len(text) > KINDS[kind].longest:
        raise ApiError(
            "ConstraintViolationException",
            f"You have exceeded the allowed policy size: {KINDS[kind].longest} characters.",
            400,
            {"Reason": "POLICY_CONTENT_LIMIT_EXCEEDED"},
        )
    if not KINDS[kind].effective:
        return
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _malformed(f"it is not JSON: {error}") from error
    if not isinstance(document, dict) or not document:
        raise _malformed("it is not an object with settings")
    key = KINDS[kind].key
    others = [name for name in document if key is not None and name.lower() != key]
    if others:
        raise _malformed(f"`{others[0]}` is not the key `{key}` that this type has")
    for name, inner in document.items():
        _node(inner, name, shape_of(kind), 0)


def _node(given: Any, where: str, shape: Shape | None, depth: int) -> None:
    if depth > _DEEPEST:
        raise _malformed(f"`{where}` is nested too deeply")
    if not isinstance(given, dict):
        raise _malformed(f"`{where}` has a value without an operator such as `@@assign`")
    operators = {name: value for name, value in given.items() if name.startswith("@@")}
    below = {name: value for name, value in given.items() if name not in operators}
    for name, value in operators.items():
        _operator(name, value, f"{where}.{name}")
    _fits(operators, below, where, shape)
    for name, inner in below.items():
        _node(inner, f"{where}.{name}", shape.below(name) if shape else None, depth + 1)


def _operator(name: str, value: Any, where: str) -> None:
    if name == _CHILDREN:
        if not isinstance(value, list) or not value or not _ALLOWED.issuperset(map(str, value)):
            raise _malformed(f"`{where}` is a list of {', '.join(sorted(_ALLOWED))}")
    elif name not in _VALUES:
        raise _malformed(f"`{where}` is no operator")
    elif isinstance(value, Mapping):
        raise _malformed(f"`{where}` has an object for a value")


def _fits(
    operators: Mapping[str, Any], below: Mapping[str, Any], where: str, shape: Shape | None
) -> None:
    if shape is None:
        return
    values = [operators[name] for name in _VALUES if name in operators]
    if shape.values is not None:
        if below:
            raise _malformed(f"`{where}` has a value, and no `{next(iter(below))}`")
        if shape.values is not ONE_OF and not all(v in shape.values for v in _each(values)):
            raise _malformed(f"`{where}` is one of {', '.join(sorted(shape.values))}")
        return
    if values:
        raise _malformed(f"`{where}` has settings below it and no value")
    unknown = [name for name in below if not shape.knows(name)]
    if unknown:
        raise _malformed(f"`{where}` has no `{unknown[0]}`")
    missing = [name for name in shape.required if name not in {key.lower() for key in below}]
    if missing:
        raise _malformed(f"`{where}` lacks `{missing[0]}`")


def _each(values: list[Any]) -> list[str]:
    return [str(one) for value in values for one in (value if isinstance(value, list) else [value])]


def _malformed(what: str) -> ApiError:
    return ApiError(
        "MalformedPolicyDocumentException",
        "The provided policy document does not meet the requirements of the specified policy type: "
        f"{what}.",
    )
