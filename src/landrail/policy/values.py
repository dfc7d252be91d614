"""What a decision is asked about: a principal, its request, and the policies in force.

Plain values, gathered by the caller of `authorize`; nothing here decides anything. Documents are
already parsed (`parse_document`), so a policy that cannot be understood never gets this far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from landrail.policy.document import Document

PrincipalKind = Literal["root", "user", "session", "federated", "service", "anonymous", "web"]
ContextValue = str | tuple[str, ...]

_NO_TAGS: Mapping[str, str] = MappingProxyType({})
_NO_CONTEXT: Mapping[str, ContextValue] = MappingProxyType({})

SERVICE_LINKED_PATH = ":role/aws-service-role/"


def _no_tags() -> Mapping[str, str]:
    return _NO_TAGS


def _no_context() -> Mapping[str, ContextValue]:
    return _NO_CONTEXT


@dataclass(frozen=True, slots=True)
class Principal:
    """Who makes a request.

    `arn` is the principal's own: a session's `arn:aws:sts::A:assumed-role/NAME/SESSION`, a user's,
    `arn:aws:iam::A:root`, a service's name (`codebuild.amazonaws.com`); for `web` (a caller with a
    token of an identity provider, not yet a principal of any account) the provider's ARN or host;
    empty for `anonymous`. `role_arn` is the role behind a session, path included. `user_arn` is
    the user behind a federated session. `tags` are those of the user or role and of the session.
    """

    kind: PrincipalKind
    arn: str
    account: str | None
    role_arn: str | None = None
    user_id: str = ""
    session_name: str | None = None
    user_arn: str | None = None
    tags: Mapping[str, str] = field(default_factory=_no_tags)
    canonical_id: str | None = None
    path_known: bool = True
    """Whether `role_arn` shows the role's path. Where it does not (a session known by its ARN
    alone), the role is recognized by its account and name, of which an account has one."""

    @property
    def service_linked(self) -> bool:
        """Whether this is a session of a service-linked role: free of SCPs and RCPs."""
        return self.role_arn is not None and SERVICE_LINKED_PATH in self.role_arn

    @property
    def iam_arn(self) -> str:
        """The ARN that `aws:PrincipalArn` shows: the role's for a session, else its own."""
        return self.role_arn or self.arn


@dataclass(frozen=True, slots=True)
class Request:
    """One authorization to decide: `action` on `resource` (an ARN, or `*` where the action has no
    resource type) owned by `resource_account` (None: the principal's own).

    `context` holds the condition keys, a string for a single-valued key and a tuple for a
    multi-valued one; keys that follow from the principal are derived where they are absent.
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str | None = None
    context: Mapping[str, ContextValue] = field(default_factory=_no_context)


@dataclass(frozen=True, slots=True)
class PolicyInForce:
    """A document with the name people know it by and where it is attached (`role/NAME`,
    `ou/Workloads`, the resource's ARN): reasons quote both."""

    document: Document
    name: str
    attached_to: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of an organization (root, an OU, the account) with the policies attached there.
    A level without policies allows nothing."""

    name: str
    policies: tuple[PolicyInForce, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """A KMS grant: its grantee may use `operations` (names such as `Decrypt`) on the key that is
    the request's resource. `equals` and `subset` constrain the encryption context, `source_arn` on
    whose behalf the request is made. `retiring` may retire it."""

    grantee: str
    operations: frozenset[str]
    name: str = ""
    equals: Mapping[str, str] | None = None
    subset: Mapping[str, str] | None = None
    source_arn: str | None = None
    retiring: str | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy in force for one request.

    `boundary` None: there is none. `session` empty: none were passed. `scps` from the root of the
    caller's organization down to its account, `rcps` the same for the resource's owner; empty
    where none apply: a caller outside an organization and *every principal of the management
    account* have no SCPs, its resources no RCPs, and whoever collects policies leaves them out.
    Service principals, service-linked roles and anonymous callers are exempted by `authorize`.
    `endpoint` empty: not through a VPC endpoint, or one with full access. `resource` is the trust
    policy where the request assumes a role. `acl` is what an ACL of S3 grants beside it,
    where ACLs are in use (`acl_document`). `restrict_public` and `block_public_acls` are
    S3's RestrictPublicBuckets and BlockPublicAcls, of whichever level sets them.
    """

    identity: tuple[PolicyInForce, ...] = ()
    boundary: tuple[PolicyInForce, ...] | None = None
    session: tuple[PolicyInForce, ...] = ()
    resource: PolicyInForce | None = None
    acl: PolicyInForce | None = None
    scps: tuple[Level, ...] = ()
    rcps: tuple[Level, ...] = ()
    endpoint: tuple[PolicyInForce, ...] = ()
    grants: tuple[Grant, ...] = ()
    restrict_public: bool = False
    block_public_acls: bool = False
