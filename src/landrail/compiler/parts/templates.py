"""A CloudFormation template as a plain dictionary, and the marks every resource may carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Resources = dict[str, dict[str, Any]]


def template(description: str, *groups: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the template of the resources in all groups; an id used twice is a bug of ours."""
    resources: Resources = {}
    for group in groups:
        twice = resources.keys() & group.keys()
        if twice:
            raise ValueError(f"logical ids used twice: {', '.join(sorted(twice))}")
        resources.update(group)
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": description,
        "Resources": resources,
    }


def resource(
    type_: str,
    properties: Mapping[str, Any],
    *,
    retain: bool = False,
    after: Sequence[str] = (),
) -> dict[str, Any]:
    """Return one resource; `retain` keeps a stateful one when its stack lets go of it."""
    made: dict[str, Any] = {"Type": type_}
    if after:
        made["DependsOn"] = list(after)
    if retain:
        made["DeletionPolicy"] = "Retain"
        made["UpdateReplacePolicy"] = "Retain"
    made["Properties"] = dict(properties)
    return made


def arn_of(logical: str) -> dict[str, Any]:
    """Return the ARN of a resource of the same template."""
    return {"Fn::GetAtt": [logical, "Arn"]}


def ref(logical: str) -> dict[str, str]:
    """Return the reference to a resource of the same template."""
    return {"Ref": logical}
