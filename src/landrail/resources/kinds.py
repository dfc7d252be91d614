"""One small class for each kind of thing wanted, and the whole platform as `Wanted`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """What a thing is called in plans: `scope` is `organization` or an account's name."""

    scope: str
    kind: str
    name: str

    def __str__(self) -> str:
        if self.kind == "stack":
            return f"{self.scope}/{self.name}"
        return f"{self.scope}/{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class Organization:
    """The organization itself: all features, these policy types, services with trusted access;
    whether Control Tower governs in it."""

    policy_types: tuple[str, ...] = ("SERVICE_CONTROL_POLICY",)
    trusted_services: tuple[str, ...] = ()
    governed: bool = False
    depends_on: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address("organization", "organization", "root")


@dataclass(frozen=True, slots=True)
class OrganizationalUnit:
    """An OU; `name` is its path below the root (`Workloads/Production`), `parent` the path above or
    None for the root."""

    name: str
    parent: str | None
    depends_on: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address("organization", "ou", self.name)


@dataclass(frozen=True, slots=True)
class Account:
    """A member account (or the management account, which is adopted, never created); `kind` is the
    account kind of the file, `ou` a path or None for the root. One that is `governed` is of Control
    Tower's landing zone: it stays where it stands."""

    name: str
    email: str
    ou: str | None
    kind: str
    environment: str | None = None
    account_id: str | None = None
    governed: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    depends_on: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address("organization", "account", self.name)


@dataclass(frozen=True, slots=True)
class Pool:
    """The policies among which statements for the same targets are spread: `name` begins the names
    of all of them. Each has so many `characters`; a target has at most so many, also while they
    change."""

    name: str
    characters: int
    most: int


@dataclass(frozen=True, slots=True)
class Policy:
    """An organization policy; `statements_from` names, by Sid, the guardrail behind a statement.
    One with a `pool` may hold its statements elsewhere in it, where they stand already."""

    name: str
    type: str
    description: str
    document: Mapping[str, Any]
    statements_from: Mapping[str, str] = field(default_factory=dict)
    depends_on: tuple[Address, ...] = ()
    pool: Pool | None = None

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address("organization", "policy", self.name)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A policy attached to the root (`target` is `root`), an OU (`ou/PATH`) or an account
    (`account/NAME`)."""

    policy: str
    target: str
    depends_on: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address("organization", "attachment", f"{self.policy} -> {self.target}")


@dataclass(frozen=True, slots=True)
class AccountDefaults:
    """Settings of an account that CloudFormation has no type for: the four account-level S3
    public-access blocks, those of images and snapshots, EBS encryption by default, and no default
    VPC."""

    account: str
    region: str
    depends_on: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address(self.account, "defaults", "account")


@dataclass(frozen=True, slots=True)
class Stack:
    """A CloudFormation stack: a template (a plain dictionary, tokens allowed) in one account and
    region. `entered_by` names the role that creates it, see `docs/architecture.md`. Stacks with a
    stateful resource have `protected` (termination protection)."""

    account: str
    region: str
    name: str
    template: Mapping[str, Any]
    entered_by: str = "platform"
    protected: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    depends_on: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address(self.account, "stack", self.name)


@dataclass(frozen=True, slots=True)
class Registration:
    """An OU (by its path) that Control Tower governs: by `baseline` of a `version`, with its
    parameters. Its accounts are enrolled."""

    unit: str
    baseline: str
    version: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    depends_on: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address("organization", "registration", self.unit)


@dataclass(frozen=True, slots=True)
class EnabledControl:
    """A control of Control Tower, by its name and ARN, in force on an OU (by its path), for some
    guardrails."""

    control: str
    arn: str
    unit: str
    guardrails: tuple[str, ...]
    depends_on: tuple[Address, ...] = ()

    @property
    def address(self) -> Address:
        """Where plans show it."""
        return Address("organization", "control", f"{self.control} -> ou/{self.unit}")


Resource = (
    Organization
    | OrganizationalUnit
    | Account
    | Policy
    | Attachment
    | AccountDefaults
    | Stack
    | Registration
    | EnabledControl
)


@dataclass(frozen=True, slots=True)
class Unattached:
    """A guardrail not enforced somewhere: `mode` is `monitor` or `off`, `targets` says where
    in the words of `Attachment`, `documents` by policy type what would be attached."""

    guardrail: str
    mode: str
    targets: tuple[str, ...]
    reason: str = ""
    documents: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that the file asks for; `resources` in no particular order, dependencies inside
    each. Tokens in a stack or policy are dependencies too. `unattached` is what the file does not
    want attached, and knows of."""

    platform: str
    region: str
    resources: tuple[Resource, ...]
    unattached: tuple[Unattached, ...] = ()

    def of_kind(self, kind: type[Any]) -> tuple[Any, ...]:
        """Return the resources of one kind, in the order of the file."""
        return tuple(r for r in self.resources if isinstance(r, kind))

    def guardrail_behind(self, policy: str, sid: str) -> str | None:
        """Return the guardrail behind a statement of a policy as it stands: in a pool, a statement
        may stand in another policy than it was compiled for."""
        for made in self.of_kind(Policy):
            beginning = f"{made.pool.name}-" if made.pool is not None else made.name
            if policy.startswith(beginning) and sid in made.statements_from:
                return str(made.statements_from[sid])
        return None
