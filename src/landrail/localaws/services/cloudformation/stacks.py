"""Stacks as they are kept: the record of a stack, of each of its resources, and its events.

The records say enough to take up an operation after a kill: what was asked, what was there
before, and how far each resource has come.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from landrail.localaws.api import ApiError
from landrail.localaws.store.tables import Tables


@dataclass(slots=True)
class Former:
    """A physical resource that stood before the operation under way, or is to be cleaned up."""

    id: str | None
    properties: dict[str, Any]
    attributes: dict[str, str]
    name: str | None = None
    needs: list[str] = field(default_factory=list)
    deletion_policy: str | None = None
    replace_policy: str | None = None
    metadata: Any = None


@dataclass(slots=True)
class Resource:
    """A resource of a stack. `properties` are the computed desired ones with the stack's tags;
    `name` a generated physical name; `before` what stood when the operation `operation` began on
    it (`change`: added, adopted, updated, replaced, kept), `leftovers` what its end deletes."""

    logical: str
    type: str
    id: str | None = None
    name: str | None = None
    properties: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    needs: list[str] = field(default_factory=list)
    deletion_policy: str | None = None
    replace_policy: str | None = None
    metadata: Any = None
    status: str = "CREATE_IN_PROGRESS"
    reason: str | None = None
    at: float = 0.0
    operation: str = ""
    change: str = ""
    before: Former | None = None
    leftovers: list[Former] = field(default_factory=list)
    drift: dict[str, Any] | None = None

    def former(self) -> Former:
        """Return what stands now as what stood before."""
        return Former(
            self.id,
            self.properties,
            self.attributes,
            self.name,
            self.needs,
            self.deletion_policy,
            self.replace_policy,
            self.metadata,
        )

    def take(self, former: Former) -> None:
        """Become what stood before."""
        for item in fields(former):
            setattr(self, item.name, getattr(former, item.name))


@dataclass(slots=True)
class Goal:
    """What an operation is to reach. `parameters` are as given, `resolved` as computed (an SSM
    parameter's value); `caller` is who acts where the stack has no role."""

    template: str
    parameters: dict[str, str] = field(default_factory=dict)
    resolved: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    capabilities: list[str] = field(default_factory=list)
    role: str | None = None
    caller: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Stack:
    """A stack; `goal` is what it stands for (or strives for), `former` what it stood for before
    the update under way, `operation` the id of the operation under way or done last."""

    id: str
    name: str
    account: str
    region: str
    status: str
    goal: Goal
    created: float
    former: Goal | None = None
    reason: str | None = None
    updated: float | None = None
    deleted: float | None = None
    description: str | None = None
    outputs: list[dict[str, str]] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    protected: bool = False
    on_failure: str = "ROLLBACK"
    retain_except_on_create: bool = False
    notify: list[str] = field(default_factory=list)
    timeout: int | None = None
    policy: str | None = None
    token: str | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    operation: str = ""
    change_set: str | None = None
    retain: list[str] = field(default_factory=list)
    skip: list[str] = field(default_factory=list)
    revert: bool = False
    adopt: list[str] = field(default_factory=list)
    drift: dict[str, Any] | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """The key of its record."""
        return self.account, self.region, self.id.rsplit("/", 1)[1]

    @property
    def busy(self) -> bool:
        """Whether an operation is under way."""
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


def stack_id(account: str, region: str, name: str) -> str:
    """Return a new stack's ARN."""
    return f"arn:aws:cloudformation:{region}:{account}:stack/{name}/{uuid.uuid4()}"


def missing(name: str) -> ApiError:
    """Return the error for a stack that is not there."""
    return ApiError("ValidationError", f"Stack with id {name} does not exist")


class Stacks:
    """All stacks of the local AWS, in tables."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._stacks = tables.table("cloudformation.stacks")
        self._names = tables.table("cloudformation.names")
        self._resources = tables.table("cloudformation.resources")
        self._events = tables.table("cloudformation.events")

    def exclusive(self) -> Any:
        """Return the lock under which a stack's status is looked at and changed."""
        return self._tables.exclusive()

    def save(self, stack: Stack) -> None:
        """Write a stack's record; a live one holds its name."""
        with self._tables.exclusive():
            self._stacks.put(*stack.key, value=_stack_document(stack))
            place = (stack.account, stack.region, stack.name)
            if stack.status != "DELETE_COMPLETE":
                self._names.put(*place, value=stack.key[2])
            elif self._names.get(*place) == stack.key[2]:
                self._names.delete(*place)

    def find(self, account: str, region: str, name: str) -> Stack | None:
        """Return a live stack by name, or any by id."""
        if name.startswith("arn:"):
            parts = name.split(":", 5)
            tail = name.rsplit("/", 1)[-1]
            if len(parts) < 6 or parts[3] != region or parts[4] != account:
                return None
            document = self._stacks.get(account, region, tail)
            return _stack(document) if document and document["id"] == name else None
        held = self._names.get(account, region, name) if name else None
        return _stack(self._stacks.get(account, region, held)) if held else None

    def get(self, account: str, region: str, name: str) -> Stack:
        """Return a stack by name or id; raises ApiError ValidationError."""
        stack = self.find(account, region, name)
        if stack is None:
            raise missing(name)
        return stack

    def forget(self, stack: Stack) -> None:
        """Remove a stack that never was more than a review."""
        with self._tables.exclusive():
            self._stacks.delete(*stack.key)
            self._names.delete(stack.account, stack.region, stack.name)

    def all(self, *place: str) -> Iterator[Stack]:
        """Yield the stacks of an account and region, or all of them; deleted ones too."""
        for _, document in self._stacks.scan(*place):
            yield _stack(document)

    def resources(self, stack: Stack) -> dict[str, Resource]:
        """Return a stack's resources by logical id."""
        return {key[1]: _resource(value) for key, value in self._resources.scan(stack.key[2])}

    def save_resource(self, stack: Stack, resource: Resource) -> None:
        """Write a resource's record."""
        self._resources.put(stack.key[2], resource.logical, value=_resource_document(resource))

    def drop_resource(self, stack: Stack, logical: str) -> None:
        """Remove a resource's record."""
        self._resources.delete(stack.key[2], logical)

    def record(self, stack: Stack, event: Mapping[str, Any]) -> None:
        """Write an event of a stack."""
        now = time.time()
        document = {
            "StackId": stack.id,
            "StackName": stack.name,
            "Timestamp": now,
            **{name: value for name, value in event.items() if value is not None},
        }
        if stack.token:
            document["ClientRequestToken"] = stack.token
        status, logical = event["ResourceStatus"], event["LogicalResourceId"]
        document["EventId"] = (
            str(uuid.uuid4())
            if event["ResourceType"] == "AWS::CloudFormation::Stack"
            else f"{logical}-{status}-{int(now * 1000)}-{secrets.token_hex(3)}"
        )
        moment = f"{time.time_ns():020d}-{secrets.token_hex(2)}"
        self._events.put(stack.key[2], moment, value=document)

    def events(self, stack: Stack) -> list[dict[str, Any]]:
        """Return a stack's events, the newest first."""
        return [value for _, value in self._events.scan(stack.key[2])][::-1]


def _plain(record: Goal | Former | Stack | Resource) -> dict[str, Any]:
    """The fields of a record, shared and not copied: they are written down at once."""
    return {item.name: getattr(record, item.name) for item in fields(record)}


def _stack_document(stack: Stack) -> dict[str, Any]:
    former = _plain(stack.former) if stack.former else None
    return {**_plain(stack), "goal": _plain(stack.goal), "former": former}


def _resource_document(resource: Resource) -> dict[str, Any]:
    before = _plain(resource.before) if resource.before else None
    leftovers = [_plain(former) for former in resource.leftovers]
    return {**_plain(resource), "before": before, "leftovers": leftovers}


def _stack(document: dict[str, Any]) -> Stack:
    former = document["former"]
    return Stack(
        **{
            **document,
            "goal": Goal(**document["goal"]),
            "former": Goal(**former) if former else None,
        }
    )


def _resource(document: dict[str, Any]) -> Resource:
    before = document["before"]
    return Resource(
        **{
            **document,
            "before": Former(**before) if before else None,
            "leftovers": [Former(**former) for former in document["leftovers"]],
        }
    )
