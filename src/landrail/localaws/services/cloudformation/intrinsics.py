"""Computing the intrinsic functions of a template.

What a name stands for comes from a `Scope`; a value that is known only after a change stands as
`UNKNOWN` and makes whatever is computed from it unknown too, which is how change sets are foreseen.
"""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.references import SUB


class Unknown:
    """The type of `UNKNOWN`."""

    def __repr__(self) -> str:
        return "{{changeSet:KNOWN_AFTER_APPLY}}"


UNKNOWN: Final = Unknown()
NO_VALUE: Final = object()


def template_error(message: str) -> ApiError:
    """Return the error for a function that cannot be computed."""
    return ApiError("ValidationError", f"Template error: {message}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What names stand for: parameters and pseudo parameters by value, resources by two look-ups,
    exports of other stacks, and dynamic references."""

    values: Mapping[str, Any]
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    ref: Callable[[str], Any] = lambda name: UNKNOWN  # noqa: ARG005 - the argument is the protocol
    attribute: Callable[[str, str], Any] = lambda name, of: UNKNOWN  # noqa: ARG005 - the protocol's
    imported: Callable[[str], Any] = lambda name: UNKNOWN  # noqa: ARG005 - the protocol's
    dynamic: Callable[[str], str] = lambda text: text
    zones: Callable[[str], list[str]] = lambda region: [f"{region}{z}" for z in "abc"]


def holds_unknown(value: Any) -> bool:
    """Whether a computed value has an unknown part."""
    if isinstance(value, Mapping):
        return any(holds_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(holds_unknown(item) for item in value)
    return value is UNKNOWN


def compute(value: Any, scope: Scope) -> Any:
    """Return a value with every function computed; `AWS::NoValue` members are left out."""
    if isinstance(value, str):
        return scope.dynamic(value) if "{{resolve:" in value else value
    if isinstance(value, list):
        items = [compute(item, scope) for item in value]
        return [item for item in items if item is not NO_VALUE]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        name, argument = next(iter(value.items()))
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](argument, scope)
        if name.startswith("Fn::"):
            raise template_error(f"intrinsic function {name} is not supported")
    members = {key: compute(item, scope) for key, item in value.items()}
    return {key: item for key, item in members.items() if item is not NO_VALUE}


def condition(name: str, scope: Scope) -> bool:
    """Return whether a named condition holds."""
    if name not in scope.conditions:
        raise template_error(f"unresolved condition dependency {name}")
    result = compute(scope.conditions[name], scope)
    if not isinstance(result, bool):
        raise template_error(f"condition {name} is not a boolean")
    return result


def _ref(argument: Any, scope: Scope) -> Any:
    if argument == "AWS::NoValue":
        return NO_VALUE
    return scope.values[argument] if argument in scope.values else scope.ref(argument)


def _get_att(argument: Any, scope: Scope) -> Any:
    if isinstance(argument, str):
        argument = argument.split(".", 1)
    attribute = compute(argument[1], scope)
    return scope.attribute(argument[0], attribute)


def _sub(argument: Any, scope: Scope) -> Any:
    text, local = (argument, {}) if isinstance(argument, str) else argument
    values = {key: compute(item, scope) for key, item in local.items()}
    unknown = False

    def replace(match: Any) -> str:
        nonlocal unknown
        name = match[1].strip()
        if name in values:
            found = values[name]
        elif "." in name and name not in scope.values:
            found = scope.attribute(*name.split(".", 1))
        else:
            found = _ref(name, scope)
        unknown = unknown or found is UNKNOWN
        return _text(found, "Fn::Sub")

    result = SUB.sub(replace, text).replace("${!", "${")
    if unknown:
        return UNKNOWN
    return scope.dynamic(result) if "{{resolve:" in result else result


def _text(value: Any, function: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float | Unknown):
        return str(value)
    raise template_error(f"{function} expects texts, found a {type(value).__name__}")


def _join(argument: Any, scope: Scope) -> Any:
    delimiter, items = argument[0], compute(argument[1], scope)
    if holds_unknown(items):
        return UNKNOWN
    if not isinstance(items, list):
        raise template_error("every Fn::Join object requires a delimiter and a list of strings")
    result = delimiter.join(_text(item, "Fn::Join") for item in items)
    return scope.dynamic(result) if "{{resolve:" in result else result


def _select(argument: Any, scope: Scope) -> Any:
    index, items = compute(argument[0], scope), compute(argument[1], scope)
    if index is UNKNOWN or items is UNKNOWN:
        return UNKNOWN
    if not isinstance(items, list):
        raise template_error("Fn::Select requires a list argument with a valid index value")
    if not 0 <= int(index) < len(items):
        raise template_error(f"Fn::Select cannot select nonexistent value at index {index}")
    return items[int(index)]


def _split(argument: Any, scope: Scope) -> Any:
    source = compute(argument[1], scope)
    return UNKNOWN if source is UNKNOWN else str(source).split(argument[0])


def _if(argument: Any, scope: Scope) -> Any:
    return compute(argument[1] if condition(argument[0], scope) else argument[2], scope)


def _equals(argument: Any, scope: Scope) -> bool:
    one, other = (compute(item, scope) for item in argument)
    if isinstance(one, str | int | bool) and isinstance(other, str | int | bool):
        return _text(one, "Fn::Equals") == _text(other, "Fn::Equals")
    return bool(one == other)


def _truths(argument: Any, scope: Scope) -> list[bool]:
    return [bool(compute(item, scope)) for item in argument]


def _find_in_map(argument: Any, scope: Scope) -> Any:
    keys = [compute(item, scope) for item in argument]
    if UNKNOWN in keys:
        return UNKNOWN
    place: Any = scope.mappings
    for key in keys:
        if not isinstance(place, Mapping) or key not in place:
            raise template_error(f"unable to get mapping for {'::'.join(map(str, keys))}")
        place = place[key]
    return place


def _import(argument: Any, scope: Scope) -> Any:
    name = compute(argument, scope)
    return UNKNOWN if name is UNKNOWN else scope.imported(name)


def _base64(argument: Any, scope: Scope) -> Any:
    value = compute(argument, scope)
    return UNKNOWN if value is UNKNOWN else base64.b64encode(str(value).encode()).decode()


def _cidr(argument: Any, scope: Scope) -> Any:
    block, count, *rest = (compute(item, scope) for item in argument)
    if block is UNKNOWN or count is UNKNOWN:
        return UNKNOWN
    network = ipaddress.ip_network(block)
    bits = int(rest[0]) if rest else 6
    prefix = network.max_prefixlen - bits
    if prefix < network.prefixlen or 2 ** (prefix - network.prefixlen) < int(count):
        raise template_error(f"Fn::Cidr cannot take {count} blocks of {bits} bits from {block}")
    subnets = network.subnets(new_prefix=prefix)
    return [str(next(subnets)) for _ in range(int(count))]


def _zones(argument: Any, scope: Scope) -> Any:
    region = compute(argument, scope) or scope.values["AWS::Region"]
    return scope.zones(region)


_FUNCTIONS: dict[str, Callable[[Any, Scope], Any]] = {
    "Ref": _ref,
    "Condition": lambda name, scope: (
        condition(name, scope) if isinstance(name, str) else {"Condition": compute(name, scope)}
    ),
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::And": lambda items, scope: all(_truths(items, scope)),
    "Fn::Or": lambda items, scope: any(_truths(items, scope)),
    "Fn::Not": lambda items, scope: not _truths(items, scope)[0],
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import,
    "Fn::Base64": _base64,
    "Fn::Cidr": _cidr,
    "Fn::GetAZs": _zones,
}
FUNCTIONS = frozenset(_FUNCTIONS)
