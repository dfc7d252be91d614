"""Checks of a resource's properties in a CloudFormation template, for the proactive forms.

A property whose value is known only in AWS (`Ref`, `Fn::GetAtt`) is a mapping that counts as given
and as right: the preventive form decides when the call is made. A path goes through structures,
and through lists with `*`, of which every member must be right.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from landrail.guardrails.guardrail import TemplateCheck
from landrail.policy import InvalidPolicy, is_public, parse_document

_NOTHING: tuple[Any, ...] = (None, "", (), [])


def given(resource_type: str, path: str) -> TemplateCheck:
    """Return the check that a property is given."""
    return TemplateCheck(
        resource_type,
        lambda properties: _wrong(properties, path, lambda v: v not in _NOTHING, "is not given"),
    )


def not_given(resource_type: str, path: str) -> TemplateCheck:
    """Return the check that a property is not given."""
    return TemplateCheck(
        resource_type,
        lambda properties: _wrong(properties, path, lambda v: v in _NOTHING, "is given"),
    )


def is_one_of(resource_type: str, path: str, *values: Any) -> TemplateCheck:
    """Return the check that a property has one of these values; left out, it has not."""
    wanted = " or ".join(f"`{_shown(value)}`" for value in values)
    texts = {_shown(value) for value in values}
    return TemplateCheck(
        resource_type,
        lambda properties: _wrong(
            properties, path, lambda v: _unknown(v) or _shown(v) in texts, f"is not {wanted}"
        ),
    )


def is_not(resource_type: str, path: str, *values: Any) -> TemplateCheck:
    """Return the check that a property does not have one of these values."""
    refused = " or ".join(f"`{_shown(value)}`" for value in values)
    texts = {_shown(value) for value in values}
    return TemplateCheck(
        resource_type,
        lambda properties: _wrong(
            properties, path, lambda v: _unknown(v) or _shown(v) not in texts, f"is {refused}"
        ),
    )


def not_public(resource_type: str, path: str) -> TemplateCheck:
    """Return the check that a policy opens the resource to nobody but principals that it tells."""
    return TemplateCheck(
        resource_type,
        lambda properties: _wrong(
            properties, path, lambda v: not _opens(v), "allows everybody something"
        ),
    )


def never(resource_type: str, why: str) -> TemplateCheck:
    """Return the check that there is no resource of a type."""
    return TemplateCheck(resource_type, lambda _: why)


def where(holds: Callable[[Mapping[str, Any]], bool], check: TemplateCheck) -> TemplateCheck:
    """Return the check for resources alone of whose properties `holds` is true."""
    return TemplateCheck(
        check.resource_type,
        lambda properties: check.wrong(properties) if holds(properties) else None,
    )


def has(properties: Mapping[str, Any], path: str) -> bool:
    """Whether a property is given, wherever a `*` of its path leads."""
    return any(value not in _NOTHING for value in _at(properties, path.split(".")))


def _wrong(
    properties: Mapping[str, Any], path: str, right: Callable[[Any], bool], says: str
) -> str | None:
    if all(right(value) for value in _at(properties, path.split("."))):
        return None
    return f"`{path.replace('.*', '')}` {says}"


def _at(value: Any, steps: list[str]) -> Iterator[Any]:
    """Yield what stands at a path; None where there is nothing, a mapping of AWS's as it is."""
    if not steps or _unknown(value):
        yield value
    elif steps[0] == "*":
        for item in value if isinstance(value, list | tuple) else ():
            yield from _at(item, steps[1:])
    elif isinstance(value, Mapping):
        yield from _at(value.get(steps[0]), steps[1:])
    else:
        yield None


def _opens(document: Any) -> bool:
    """Say whether a policy is public; one that cannot be read is for CloudFormation to refuse, but
    for one that is meant for all but some."""
    if document in _NOTHING or _unknown(document):
        return False
    try:
        return is_public(parse_document(json.dumps(_as_text(document)), kind="resource"))
    except InvalidPolicy:
        return _to_all_but_some(document)


def _to_all_but_some(document: Any) -> bool:
    found = document.get("Statement") if isinstance(document, Mapping) else None
    statements = found if isinstance(found, list | tuple) else [found]
    return any(
        isinstance(one, Mapping) and one.get("Effect") == "Allow" and "NotPrincipal" in one
        for one in statements
    )


def _as_text(value: Any) -> Any:
    """Return a document with whatever is known only in AWS as a text that stands for itself."""
    if _unknown(value):
        return "arn:aws:iam::111122223333:role/known-in-aws"
    if isinstance(value, Mapping):
        return {key: _as_text(inner) for key, inner in value.items()}
    return [_as_text(inner) for inner in value] if isinstance(value, list | tuple) else value


def _unknown(value: Any) -> bool:
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    (name,) = value
    return name in ("Ref", "Condition") or str(name).startswith("Fn::")


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
