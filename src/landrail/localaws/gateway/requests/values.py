"""What a call needs permission for, and what must be known to say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from landrail.localaws.store import AccessPoint

ContextValue = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A call by botocore's names; `account` is the caller's own, in which it acts unless what it
    names lies elsewhere. `params` has the shape of the operation's input."""

    service: str
    operation: str
    params: Mapping[str, Any]
    account: str
    region: str
    caller_arn: str = ""


@dataclass(frozen=True, slots=True)
class Authorization:
    """One thing to be allowed. `account` owns the resource; `context` are the keys that follow
    from the request's parameters. `via` is the service that asks on the caller's behalf (S3 asking
    KMS): the request is the caller's, made through it. `part` names the part of the request that
    this is for where AWS answers each part by itself: denied, the other parts are done."""

    action: str
    resource: str
    account: str
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    via: str | None = None
    part: str | None = None


class Lookup(Protocol):
    """What cannot be read from a request alone; the store answers."""

    def bucket_account(self, bucket: str) -> str | None:
        """Return the account that owns a bucket."""

    def access_point(self, account: str, region: str, name: str) -> AccessPoint | None:
        """Return an access point of S3."""

    def access_point_alias(self, alias: str) -> AccessPoint | None:
        """Return the access point of an alias."""

    def bucket_key(self, bucket: str) -> str | None:
        """Return the ARN of the KMS key of the bucket's default encryption."""

    def object_key(self, bucket: str, key: str, version: str | None) -> str | None:
        """Return the ARN of the KMS key an object is encrypted with."""

    def object_tags(self, bucket: str, key: str, version: str | None) -> Mapping[str, str]:
        """Return the tags of an object."""

    def key_arn(self, account: str, region: str, key: str) -> str | None:
        """Return the key's ARN for a key id, key ARN, alias name or alias ARN."""

    def key_aliases(self, account: str, region: str, key_id: str) -> tuple[str, ...]:
        """Return the aliases (`alias/NAME`) of a KMS key."""

    def iam_arn(self, account: str, kind: str, name: str) -> str | None:
        """Return the ARN, path included, of an IAM `user`, `role`, `group`, `policy` or
        `instance-profile` by its name."""

    def iam_boundary(self, account: str, kind: str, name: str) -> str | None:
        """Return the ARN of the permissions boundary of a `role` or `user`."""

    def key_facts(self, key: str) -> Mapping[str, str]:
        """Return what a KMS key (its ARN) is: `KeySpec`, `KeyUsage`, `KeyOrigin`,
        `MultiRegion`."""

    def vpc_of(self, account: str, region: str, resource: str) -> str | None:
        """Return the id of the VPC that an EC2 resource (`subnet/subnet-...`) is in."""

    def access_key_user(self, access_key_id: str) -> str | None:
        """Return the ARN of the IAM user that an access key belongs to."""

    def secret_arn(self, account: str, region: str, name: str) -> str | None:
        """Return the whole ARN of a secret, its suffix included, by name or ARN."""

    def resource_key(self, arn: str) -> str | None:
        """Return the ARN of the customer's KMS key that a queue, topic, secret or secure parameter
        is encrypted with."""

    def associated(self, account: str, region: str, identifier: str) -> tuple[str, ...]:
        """Return what an EC2 association or attachment joins, as ARNs end: `instance/i-...`."""

    def profile_roles(self, account: str, name: str) -> tuple[str, ...]:
        """Return the ARNs of the roles in an instance profile."""

    def organization_id(self) -> str | None:
        """Return the organization's id (`o-...`)."""

    def management_account(self) -> str | None:
        """Return the organization's management account."""

    def organization_policy_type(self, policy_id: str) -> str | None:
        """Return the type of an organization policy in lower case (`service_control_policy`)."""


class Unresolved(Exception):
    """A call of which the local AWS cannot say what it needs: refused, and a gap of Landrail's."""

    def __init__(self, service: str, operation: str, what: str) -> None:
        super().__init__(f"{service}:{operation}: {what}")
        self.service = service
        self.operation = operation
        self.what = what

    @property
    def message(self) -> str:
        """Return the answer to the client: denied, and that AWS might not have."""
        return (
            f"The local AWS cannot tell what {self.service}:{self.operation} needs "
            f"({self.what}) and so denies it. This is a gap of Landrail, not an answer of AWS."
        )
