"""Organizational units: the tree read, units made, renamed, tagged, removed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from landrail.aws.sessions import Connection, Identity
from landrail.aws.world import World
from landrail.plan.marks import NAME_TAG, PLATFORM_TAG
from landrail.plan.observed import ObservedUnit
from landrail.plan.values import Action, Change
from landrail.resources import Address, OrganizationalUnit

_SERVICE = "organizations"


def observe_units(
    connection: Connection, who: Identity, root_id: str, platform: str
) -> dict[str, ObservedUnit]:
    """Read the tree of OUs, by the path that the file knows each by."""
    found: dict[str, ObservedUnit] = {}
    for unit in _below(connection, who, root_id, "", platform):
        found[unit.path] = unit
    return found


def tags_of(connection: Connection, who: Identity, resource_id: str) -> dict[str, str]:
    """Read the tags of an account, OU or policy."""
    listed = connection.listed(who, _SERVICE, "ListTagsForResource", "Tags", ResourceId=resource_id)
    return {tag["Key"]: tag["Value"] for tag in listed}


def tag(connection: Connection, who: Identity, resource_id: str, tags: Mapping[str, str]) -> None:
    """Put tags on an account, OU or policy."""
    connection.call(who, _SERVICE, "TagResource", ResourceId=resource_id, Tags=as_tags(tags))


def as_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags in AWS's shape."""
    return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]


def change_unit(world: World, wanted: OrganizationalUnit, change: Change) -> None:
    """Create an OU, rename it back, or take one over by tagging it."""
    connection, who = world.connection, world.entrances.management()
    name = wanted.name.rpartition("/")[2]
    tags = {PLATFORM_TAG: world.platform, NAME_TAG: wanted.name}
    if change.action is Action.CREATE:
        parent = world.target_id("root" if wanted.parent is None else f"ou/{wanted.parent}")
        made = connection.call(
            who,
            _SERVICE,
            "CreateOrganizationalUnit",
            ParentId=parent,
            Name=name,
            Tags=as_tags(tags),
        )["OrganizationalUnit"]
        world.set_id("ou", wanted.name, made["Id"])
        return
    unit_id = world.id("ou", wanted.name)
    if change.action is Action.UPDATE:
        connection.call(
            who,
            _SERVICE,
            "UpdateOrganizationalUnit",
            OrganizationalUnitId=unit_id,
            Name=name,
        )
    tag(connection, who, unit_id, tags)


def remove_unit(world: World, address: Address) -> None:
    """Delete an empty OU."""
    who = world.entrances.management()
    unit_id = world.id("ou", address.name)
    world.connection.call(who, _SERVICE, "DeleteOrganizationalUnit", OrganizationalUnitId=unit_id)


def _below(
    connection: Connection, who: Identity, parent_id: str, path: str, platform: str
) -> Iterator[ObservedUnit]:
    units: Iterator[Any] = connection.listed(
        who,
        _SERVICE,
        "ListOrganizationalUnitsForParent",
        "OrganizationalUnits",
        ParentId=parent_id,
    )
    for unit in units:
        tags = tags_of(connection, who, unit["Id"])
        ours = tags.get(PLATFORM_TAG) == platform
        here = f"{path}/{unit['Name']}" if path else unit["Name"]
        known = tags.get(NAME_TAG, here) if ours else here
        yield ObservedUnit(unit["Id"], known, unit["Name"], ours)
        yield from _below(connection, who, unit["Id"], known, platform)
