"""Making, changing and deleting one resource by API calls, recording each step as it is taken."""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.acting import Actor
from landrail.localaws.services.cloudformation.stacks import Former, Resource, Stack, Stacks
from landrail.localaws.services.cloudformation.types import TYPES
from landrail.localaws.services.cloudformation.types.compare import same, written
from landrail.localaws.services.cloudformation.types.kind import Aspect, Props, ResourceType

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_SUFFIX = 12


class Stopped(Exception):
    """The server is stopping: leave everything as recorded, to be taken up."""


@dataclass(frozen=True, slots=True)
class Place:
    """The `Context` of one resource; with `once`, each change is made at most once in the stack's
    operation, also when the server ends before its answer is recorded."""

    stack: Stack
    logical_id: str
    actor: Actor
    resources: Mapping[str, Resource]
    closing: threading.Event
    once: bool = False

    @property
    def account(self) -> str:
        """The stack's account."""
        return self.stack.account

    @property
    def region(self) -> str:
        """The stack's region."""
        return self.stack.region

    @property
    def stack_name(self) -> str:
        """The stack's name."""
        return self.stack.name

    def call(self, service: str, operation: str, **params: Any) -> dict[str, Any]:
        """Make one API call; parameters that are None are left out."""
        given = {name: value for name, value in params.items() if value is not None}
        return self.actor.call(service, operation, given, self._name(service, operation, given))

    def _name(self, service: str, operation: str, given: dict[str, Any]) -> str:
        """The name under which a change is made at most once."""
        if not self.once:
            return ""
        text = json.dumps([self.logical_id, service, operation, given], sort_keys=True, default=str)
        return f"{self.stack.operation}/{hashlib.sha256(text.encode()).hexdigest()}"

    def neighbours(self, *types: str) -> Iterable[Props]:
        """Yield the properties of the stack's other resources of these types."""
        for logical, resource in list(self.resources.items()):
            if resource.type in types and logical != self.logical_id:
                yield named(TYPES[resource.type], resource.properties, resource.name)

    def pause(self, seconds: float) -> None:
        """Wait, unless the server stops."""
        if self.closing.wait(seconds):
            raise Stopped


def named(entry: ResourceType, properties: Props, name: str | None) -> Props:
    """Return properties with the generated name where there is one."""
    if entry.named_by is None or name is None or entry.named_by in properties:
        return properties
    return {**properties, entry.named_by: name}


def generated(entry: ResourceType, stack: str, logical: str) -> str:
    """Return a physical name as AWS makes them: stack, logical id and random characters."""
    suffix = "".join(secrets.choice(_ALPHABET) for _ in range(_SUFFIX))
    room = entry.name_limit - _SUFFIX - 2
    kept = min(len(logical), max(room // 2, room - len(stack)))
    name = f"{stack[: room - kept]}-{logical[:kept]}-{suffix}"
    return name.lower() if entry.name_lower else name


def changed(entry: ResourceType, new: Props, old: Props) -> set[str]:
    """Return the names of the properties that differ in meaning."""
    return {
        name
        for name in {*new, *old}
        if not same(entry.properties[name], new.get(name), old.get(name))
    }


class Maker:
    """Makes the resources of one operation on one stack."""

    def __init__(
        self,
        stacks: Stacks,
        stack: Stack,
        actor: Actor,
        resources: dict[str, Resource],
        closing: threading.Event,
        masks: Iterable[str] = (),
    ) -> None:
        self._stacks = stacks
        self._stack = stack
        self._actor = actor
        self._resources = resources
        self._closing = closing
        self._masks = tuple(mask for mask in masks if mask)

    def place(self, logical: str, *, once: bool = False) -> Place:
        """Return the context of a resource."""
        return Place(self._stack, logical, self._actor, self._resources, self._closing, once)

    def note(self, resource: Resource, status: str, reason: str | None = None) -> None:
        """Record a resource's new status, as an event too."""
        resource.status, resource.reason, resource.at = status, reason, time.time()
        self._stacks.save_resource(self._stack, resource)
        self._event(resource, resource.id, resource.properties, status, reason)

    def _event(
        self, resource: Resource, id_: str | None, properties: Props, status: str, why: str | None
    ) -> None:
        text = written(dict(properties))
        for mask in self._masks:
            text = text.replace(mask, "****")
        self._stacks.record(
            self._stack,
            {
                "LogicalResourceId": resource.logical,
                "PhysicalResourceId": id_ or "",
                "ResourceType": resource.type,
                "ResourceStatus": status,
                "ResourceStatusReason": why,
                "ResourceProperties": text,
            },
        )

    def create(self, resource: Resource, *, once: bool = True) -> None:
        """Make a resource from its properties; its id is recorded as soon as it is known. `once`
        takes up a creation that was cut short; without it, everything is made again."""
        entry = TYPES[resource.type]
        place = self.place(resource.logical, once=once)
        if entry.named_by and entry.named_by not in resource.properties and not resource.name:
            resource.name = generated(entry, self._stack.name, resource.logical)
        self.note(resource, resource.status)
        properties = named(entry, resource.properties, resource.name)
        made = entry.create(place, properties)
        resource.id, resource.attributes = made.id, dict(made.attributes)
        self.note(resource, resource.status, "Resource creation Initiated")
        for aspect in entry.aspects:
            if aspect.on_create and any(name in properties for name in aspect.properties):
                aspect.put(place, made.id, properties, {})
        self._settled(entry, resource, properties)

    def update(self, resource: Resource, new: Props, old: Props) -> None:
        """Change a resource in place by the aspects that differ."""
        entry = TYPES[resource.type]
        place = self.place(resource.logical, once=True)
        assert resource.id is not None
        wanted, had = named(entry, new, resource.name), named(entry, old, resource.name)
        differing = changed(entry, wanted, had)
        for aspect in entry.aspects:
            if differing.intersection(aspect.properties):
                aspect.put(place, resource.id, wanted, had)
        self._settled(entry, resource, wanted)

    def _settled(self, entry: ResourceType, resource: Resource, properties: Props) -> None:
        assert resource.id is not None
        place = self.place(resource.logical)
        if entry.settle is not None:
            entry.settle(place, resource.id, properties)
        if entry.refresh is not None:
            fresh = entry.refresh(place, resource.id, properties)
            resource.attributes = {**resource.attributes, **fresh}

    def delete(self, resource: Resource, former: Former) -> None:
        """Delete a physical resource; one that is gone already is as good."""
        entry = TYPES[resource.type]
        if former.id is not None:
            properties = named(entry, former.properties, former.name)
            entry.delete(self.place(resource.logical), former.id, properties)

    def tell(self, resource: Resource, former: Former, status: str, why: str | None = None) -> None:
        """Record an event about a physical resource that no longer is the resource's own."""
        self._event(resource, former.id, former.properties, status, why)

    def live(self, resource: Resource, wanted: Props | None = None) -> dict[str, Any] | None:
        """Return the live properties of a resource, None where it is gone."""
        entry = TYPES[resource.type]
        if resource.id is None:
            return None
        place = self.place(resource.logical)
        desired = named(entry, resource.properties if wanted is None else wanted, resource.name)
        found = entry.read(place, resource.id, desired)
        if found is None:
            return None
        live = dict(found)
        for aspect in entry.aspects:
            if aspect.read is not None and _asked(aspect, desired):
                live |= aspect.read(place, resource.id, desired)
        for name in entry.hidden:
            if name in desired:
                live[name] = desired[name]
        return live


def _asked(aspect: Aspect, desired: Props) -> bool:
    return any(name in desired for name in aspect.properties)


Attempt = Callable[[], None]


def failure(attempt: Attempt) -> str | None:
    """Do something with a resource; return why AWS refused, or None. Mistakes of ours are no
    refusals: they pass through, but for what a malformed answer or property leads to."""
    try:
        attempt()
    except ApiError as error:
        return f"{error.message} (Service error code: {error.code}; status {error.status})"
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        return f"The resource's handler failed: {type(error).__name__}: {error}"
    return None
