"""What a resource type is: an entry of a table, made of properties, calls and attributes.

The engine knows only this; each `types/<service>.py` fills the table for its service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from landrail.localaws.api import ApiError
from landrail.localaws.services.cloudformation.types.shapes import Shape

Props = Mapping[str, Any]

_ABSENT = frozenset(
    {
        "AWSOrganizationsNotInUseException",
        "AliasNotFound",
        "ClusterNotFound",
        "DomainDoesNotExistException",
        "EntityNotFoundException",
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchConfigRuleException",
        "NoSuchConfigurationAggregatorException",
        "NoSuchConfigurationRecorderException",
        "NoSuchDeliveryChannelException",
        "NoSuchEntity",
        "NoSuchEntityException",
        "NoSuchLifecycleConfiguration",
        "NoSuchPublicAccessBlockConfiguration",
        "NoSuchTagSet",
        "NotFound",
        "NotFoundException",
        "ObjectNotFoundException",
        "ObjectLockConfigurationNotFoundError",
        "OwnershipControlsNotFoundError",
        "ParameterNotFound",
        "PipelineNotFoundException",
        "RepositoryDoesNotExistException",
        "RepositoryNotFoundException",
        "ResourceNotFound",
        "ResourceNotFoundException",
        "ServerSideEncryptionConfigurationNotFoundError",
        "TrailNotFoundException",
        "404",
    }
)


class Context(Protocol):
    """Where a resource is made: its stack and place, and the way to call."""

    @property
    def account(self) -> str:
        """The stack's account."""

    @property
    def region(self) -> str:
        """The stack's region."""

    @property
    def stack_name(self) -> str:
        """The stack's name."""

    @property
    def logical_id(self) -> str:
        """The resource's name in the template."""

    def call(self, service: str, operation: str, **params: Any) -> dict[str, Any]:
        """Make one API call under the stack's role; parameters that are None are left out."""

    def neighbours(self, *types: str) -> Iterable[Props]:
        """Yield the properties of the stack's other resources of these types."""

    def pause(self, seconds: float) -> None:
        """Wait between two looks at something that takes its time."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a creation gave: the physical id and the values for `Fn::GetAtt`."""

    id: str
    attributes: Mapping[str, str] = field(default_factory=dict)


Put = Callable[[Context, str, Props, Props], None]
Read = Callable[[Context, str, Props], Props]


@dataclass(frozen=True, slots=True)
class Aspect:
    """Properties that are set together by calls of their own: `put(context, id, new, old)` makes
    them so (absent in `new`: back to the default), `read(context, id, desired)` reads them.
    `on_create` is False where the creating call takes them already."""

    properties: tuple[str, ...]
    put: Put
    read: Read | None = None
    on_create: bool = True


Create = Callable[[Context, Props], Made]
Delete = Callable[[Context, str, Props], None]
Describe = Callable[[Context, str, Props], Props | None]
Attributes = Callable[[Context, str, Props], Mapping[str, str]]
Settle = Callable[[Context, str, Props], None]


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One supported type. `replaces` are the properties whose change makes a new resource;
    `named_by` the one that takes a generated name (`name_limit` characters) where none is given;
    `read` returns the live properties it knows, None where the resource is gone; `hidden` are
    properties that cannot be read back; `refreshed` the attributes that an update may change;
    `protected_by` says what keeps it from deletion when it holds data (`stateful`)."""

    name: str
    properties: Mapping[str, Shape]
    create: Create
    read: Describe
    delete: Delete
    required: tuple[str, ...] = ()
    replaces: frozenset[str] = frozenset()
    attributes: tuple[str, ...] = ()
    aspects: tuple[Aspect, ...] = ()
    named_by: str | None = None
    name_limit: int = 64
    name_lower: bool = False
    tags: str | None = None
    hidden: frozenset[str] = frozenset()
    refreshed: frozenset[str] = frozenset()
    refresh: Attributes | None = None
    settle: Settle | None = None
    stateful: bool = False
    identity: Callable[[Context, Props], str] | None = None
    capability: str | None = None

    def updatable(self) -> frozenset[str]:
        """Return the properties that can change in place."""
        return frozenset(name for aspect in self.aspects for name in aspect.properties)


def absent(error: ApiError) -> bool:
    """Whether an error says that the thing is not there (any more)."""
    if error.code in _ABSENT or error.code.endswith((".NotFound", "DoesNotExistException")):
        return True
    return error.code == "ValidationException" and (
        "could not find" in error.message.lower() or "does not exist" in error.message.lower()
    )


def found(context: Context, service: str, operation: str, **params: Any) -> dict[str, Any] | None:
    """Make a reading call; None where the thing is not there."""
    try:
        return context.call(service, operation, **params)
    except ApiError as error:
        if absent(error):
            return None
        raise


def gone(context: Context, service: str, operation: str, **params: Any) -> None:
    """Make a deleting call; already gone is as good."""
    found(context, service, operation, **params)


def picked(properties: Props, *names: str) -> dict[str, Any]:
    """Return those of the properties that are given, by the same names."""
    return {name: properties[name] for name in names if name in properties}


def table(*types: ResourceType) -> dict[str, ResourceType]:
    """Return the types by name."""
    return {entry.name: entry for entry in types}
