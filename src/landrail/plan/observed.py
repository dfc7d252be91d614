"""What is there in AWS, as plain values: one side of the comparison that makes a plan.

`aws` fills these in. A value of None means "not there"; contents of an account that cannot be
entered are `None` as a whole, with the reason among `unreadable`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ObservedOrganization:
    """The organization of the management account."""

    organization_id: str
    root_id: str
    management_account: str
    all_features: bool
    policy_types: tuple[str, ...] = ()
    trusted_services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedUnit:
    """An OU. `path` is the path that the file knows it by (its tag, where the name was changed);
    `name` what it is called now."""

    unit_id: str
    path: str
    name: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class ObservedAccount:
    """An account of the organization; `ou` is a path or None for the root, `state` is AWS's
    (`ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE` ...)."""

    account_id: str
    name: str
    email: str
    ou: str | None
    state: str = "ACTIVE"
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObservedPolicy:
    """An organization policy with its document."""

    policy_id: str
    name: str
    type: str
    description: str
    document: Mapping[str, Any]
    ours: bool = False
    aws_managed: bool = False


@dataclass(frozen=True, slots=True, order=True)
class ObservedAttachment:
    """A policy on a target, in the words of `resources.Attachment`."""

    policy: str
    target: str


@dataclass(frozen=True, slots=True)
class ObservedDrift:
    """How a resource of a stack differs from its template: `status` is AWS's (`MODIFIED`,
    `DELETED`), `differences` maps a property path to (wanted, actual)."""

    logical_id: str
    type: str
    status: str
    differences: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ObservedStack:
    """A stack. `template` is None where it was not read (`--no-refresh`); `digest` is the one that
    Landrail wrote; `ours` says that it carries this platform's tag."""

    name: str
    status: str
    digest: str | None = None
    template: Mapping[str, Any] | None = None
    outputs: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    protected: bool = False
    ours: bool = False
    drift: tuple[ObservedDrift, ...] = ()
    unchecked: str = ""
    """Why drift could not be looked for in all of it."""


@dataclass(frozen=True, slots=True)
class ObservedDefaults:
    """Account-wide settings: the four S3 blocks all on, EBS encryption, whether images and
    snapshots cannot be made public, ids of default VPCs."""

    s3_blocked: bool
    ebs_encrypted: bool
    images_blocked: bool
    snapshots_blocked: bool
    default_vpcs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ObservedContents:
    """What stands inside one account. `open_door` says that `OrganizationAccountAccessRole` can be
    entered by others than break-glass; None where the account has no such role. `recorder` is the
    name of Config's recorder, where it was asked for and there is one."""

    defaults: ObservedDefaults | None = None
    stacks: Mapping[str, ObservedStack] = field(default_factory=dict)
    open_door: bool | None = None
    recorder: str | None = None


@dataclass(frozen=True, slots=True)
class ObservedRegistration:
    """An OU that Control Tower governs: by the enabled baseline `arn` of a `version`; `status` is
    AWS's (`SUCCEEDED`, `FAILED`, `UNDER_CHANGE`), `enrolled` the ids of its enrolled accounts."""

    arn: str
    status: str
    version: str
    enrolled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ObservedControl:
    """A control that is enabled on an OU, with its status as above; whether it is `ours` is read
    only where the file does not want it."""

    arn: str
    status: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Observed:
    """All that was read. Keys: OUs by path, accounts by the file's name or, where it has none, by
    their id, policies by name, contents by the account's name in the file."""

    organization: ObservedOrganization | None = None
    units: Mapping[str, ObservedUnit] = field(default_factory=dict)
    accounts: Mapping[str, ObservedAccount] = field(default_factory=dict)
    policies: Mapping[str, ObservedPolicy] = field(default_factory=dict)
    attachments: frozenset[ObservedAttachment] = frozenset()
    contents: Mapping[str, ObservedContents] = field(default_factory=dict)
    unreadable: Mapping[str, str] = field(default_factory=dict)
    refreshed: bool = True
    registrations: Mapping[str, ObservedRegistration] = field(default_factory=dict)
    """By the path of the OU."""
    controls: Mapping[str, ObservedControl] = field(default_factory=dict)
    """By the end of the control's ARN, ` -> ` and the path of the OU."""
