"""Comparing two CloudFormation templates: which resources differ, and in which properties.

What a difference means (in place or replacement) is CloudFormation's to say, see `stacks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from landrail.plan.codec import canonical, digest
from landrail.plan.marks import DIGEST_OUTPUT
from landrail.plan.values import Difference
from landrail.resources import tokens

_RETAINED = ("Retain", "RetainExceptOnCreate", "Snapshot")


def marked(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template with its own digest among the outputs."""
    mark = {
        "Description": "Digest of the template as Landrail wrote it",
        "Value": digest(template),
    }
    return {**template, "Outputs": {**template.get("Outputs", {}), DIGEST_OUTPUT: mark}}


def unmarked(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the template without the digest that `marked` put there."""
    outputs = {k: v for k, v in template.get("Outputs", {}).items() if k != DIGEST_OUTPUT}
    rest = {k: v for k, v in template.items() if k != "Outputs"}
    return {**rest, "Outputs": outputs} if outputs else rest


def is_retained(resource: Mapping[str, Any]) -> bool:
    """Say whether a resource of a template holds state: CloudFormation is told to keep it."""
    return any(resource.get(k) in _RETAINED for k in ("DeletionPolicy", "UpdateReplacePolicy"))


def retained(template: Mapping[str, Any]) -> dict[str, str]:
    """Return logical id -> type of the resources that hold state."""
    resources = template.get("Resources", {})
    return {name: body["Type"] for name, body in resources.items() if is_retained(body)}


def short_type(resource_type: str) -> str:
    """Return the last word of a resource type: `Role` of `AWS::IAM::Role`."""
    return resource_type.rpartition("::")[2]


def titled(logical_id: str, resource_type: str) -> str:
    """Return a resource for people: its type and its name, once where they are the same."""
    short = short_type(resource_type)
    return short if short == logical_id else f"{short} {logical_id}"


def resource_differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, tuple[Difference, ...] | None]]:
    """Yield (logical id, type, differences) of each resource that differs; differences are None
    where the resource is new or gone."""
    old, new = before.get("Resources", {}), after.get("Resources", {})
    for name in dict.fromkeys((*new, *old)):
        if name not in old or name not in new:
            body = new.get(name) or old[name]
            yield name, body["Type"], None
        elif canonical(old[name]) != canonical(new[name]):
            yield name, new[name]["Type"], tuple(_parts(old[name], new[name]))


def section_differences(
    before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Difference]:
    """Yield the sections other than resources that differ (outputs, parameters, description)."""
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if name != "Resources" and canonical(old) != canonical(new):
            yield Difference(name, old, new)


def matches(wanted: Any, actual: Any) -> bool:
    """Say whether an actual document is the wanted one, whatever the outputs named there may be.

    An account that is not there yet has no id that could stand in the actual document.
    """
    if isinstance(wanted, str):
        return isinstance(actual, str) and _pattern(wanted).fullmatch(actual) is not None
    if isinstance(wanted, Mapping):
        if not isinstance(actual, Mapping) or len(wanted) != len(actual):
            return False
        return all(_entry_matches(key, value, actual) for key, value in wanted.items())
    if isinstance(wanted, list | tuple):
        if not isinstance(actual, list | tuple) or len(wanted) != len(actual):
            return False
        return all(matches(w, a) for w, a in zip(wanted, actual, strict=True))
    return canonical(wanted) == canonical(actual)


def _entry_matches(key: str, value: Any, actual: Mapping[str, Any]) -> bool:
    if key in actual:
        return matches(value, actual[key])
    pattern = _pattern(key)
    return any(pattern.fullmatch(k) and matches(value, v) for k, v in actual.items())


def _pattern(text: str) -> re.Pattern[str]:
    names = {str(token) for token in tokens(text) if token.kind == "output"}
    if not names:
        return re.compile(re.escape(text))
    pieces = re.split("(" + "|".join(re.escape(n) for n in sorted(names)) + ")", text)
    return re.compile("".join(".+" if p in names else re.escape(p) for p in pieces), re.DOTALL)


def _parts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if canonical(old) == canonical(new):
            continue
        if name == "Properties":
            yield from _properties(old or {}, new or {})
        else:
            yield Difference(name, old, new)


def _properties(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        if canonical(old) != canonical(new):
            yield Difference(name, old, new)
