"""What `layers` and `gateway.requests` ask of the store, as protocols.

The store implements them with classes of its own (it stands on a lower floor and cannot import
these). Every method reads what is there at this moment; None or an empty tuple: there is none.
Policies are JSON texts as they were put, in pairs with the name people know them by.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from landrail.localaws.store import AccessPoint

NamedPolicy = tuple[str, str]
"""A policy's name (a managed policy's ARN where it is AWS's own) and its JSON text."""


class StoredRole(Protocol):
    """An IAM role. `policies` are inline and attached managed ones together."""

    @property
    def arn(self) -> str:
        """Return the ARN, path included."""

    @property
    def role_id(self) -> str:
        """Return the unique id, `AROA...`."""

    @property
    def trust(self) -> str:
        """Return the trust policy."""

    @property
    def policies(self) -> tuple[NamedPolicy, ...]:
        """Return the identity policies."""

    @property
    def boundary(self) -> NamedPolicy | None:
        """Return the permissions boundary."""

    @property
    def tags(self) -> Mapping[str, str]:
        """Return the tags."""


class StoredUser(Protocol):
    """An IAM user. `policies` are inline and attached ones, and those of the user's groups."""

    @property
    def arn(self) -> str:
        """Return the ARN, path included."""

    @property
    def user_id(self) -> str:
        """Return the unique id, `AIDA...`."""

    @property
    def policies(self) -> tuple[NamedPolicy, ...]:
        """Return the identity policies."""

    @property
    def boundary(self) -> NamedPolicy | None:
        """Return the permissions boundary."""

    @property
    def tags(self) -> Mapping[str, str]:
        """Return the tags."""


class StoredGrant(Protocol):
    """A KMS grant on one key."""

    @property
    def grant_id(self) -> str:
        """Return the grant's id."""

    @property
    def grantee(self) -> str:
        """Return the grantee principal's ARN."""

    @property
    def operations(self) -> tuple[str, ...]:
        """Return the operations granted, such as `Decrypt`."""

    @property
    def context_equals(self) -> Mapping[str, str] | None:
        """Return the EncryptionContextEquals constraint."""

    @property
    def context_subset(self) -> Mapping[str, str] | None:
        """Return the EncryptionContextSubset constraint."""

    @property
    def source_arn(self) -> str | None:
        """Return the SourceArn constraint."""

    @property
    def retiring(self) -> str | None:
        """Return the ARN of the principal that may retire it."""


class StoredSubnet(Protocol):
    """A subnet of a VPC."""

    @property
    def subnet_id(self) -> str:
        """Return the id."""

    @property
    def vpc(self) -> str:
        """Return the VPC's id."""

    @property
    def block(self) -> str:
        """Return the addresses, in CIDR notation."""

    @property
    def route_table(self) -> str | None:
        """Return the id of the route table: its own, else the VPC's main one."""


class StoredVpcEndpoint(Protocol):
    """A VPC endpoint that is available."""

    @property
    def endpoint_id(self) -> str:
        """Return the id, `vpce-...`."""

    @property
    def service(self) -> str:
        """Return the service's name, `com.amazonaws.REGION.NAME`."""

    @property
    def interface(self) -> bool:
        """Return whether it is an interface endpoint; else it is a gateway."""

    @property
    def private_dns(self) -> bool:
        """Return whether the service's own host name leads to it."""

    @property
    def subnets(self) -> tuple[str, ...]:
        """Return the subnets an interface endpoint is in."""

    @property
    def route_tables(self) -> tuple[str, ...]:
        """Return the route tables a gateway endpoint is in."""

    @property
    def policy(self) -> str:
        """Return the endpoint policy; full access where none was given."""


class Sources(Protocol):
    """Everything about policies, owners and tags that the store is asked for."""

    def iam_user(self, account: str, name: str) -> StoredUser | None:
        """Return the user."""

    def iam_role(self, account: str, name: str) -> StoredRole | None:
        """Return the role; `name` is without its path."""

    def iam_arn(self, account: str, kind: str, name: str) -> str | None:
        """Return the ARN, path included, of a `user`, `role`, `group`, `policy` or
        `instance-profile` by its name."""

    def profile_roles(self, account: str, name: str) -> tuple[str, ...]:
        """Return the ARNs of the roles in an instance profile."""

    def organization_id(self) -> str | None:
        """Return the organization's id (`o-...`)."""

    def management_account(self) -> str | None:
        """Return the organization's management account."""

    def organization_path(self, account: str) -> str | None:
        """Return `o-ID/r-ROOT/ou-A/ou-B/` (OUs down to the account's parent), None outside."""

    def policy_levels(
        self, account: str, policy_type: str
    ) -> tuple[tuple[str, tuple[NamedPolicy, ...]], ...]:
        """Return the levels from the root down to the account itself, each with a name (`root`,
        `ou/NAME`, `account/ID`) and the policies attached there. `policy_type` is
        `SERVICE_CONTROL_POLICY` or `RESOURCE_CONTROL_POLICY`. Empty for an account outside the
        organization and where the root has the type disabled."""

    def organization_policy_type(self, policy_id: str) -> str | None:
        """Return the type of an organization policy as ARNs spell it, in lower case
        (`service_control_policy`)."""

    def s3_policies(self, account: str) -> tuple[tuple[str, ...], ...]:
        """Return the texts of the organization's S3 policies for an account by level, root
        first."""

    def bucket_ownership(self, bucket: str) -> str:
        """Return a bucket's object ownership setting, `BucketOwnerEnforced` where never set."""

    def takes_own_keys(self, bucket: str) -> bool:
        """Return whether a bucket takes objects under a key that comes with the request."""

    def bucket_acl(self, bucket: str) -> tuple[tuple[str, str], ...]:
        """Return the grants of a bucket's access control list: grantee (`owner`, a canonical user
        id, a group's URI) and permission."""

    def object_acl(self, bucket: str, key: str) -> tuple[tuple[str, str], ...]:
        """Return the grants of an object's access control list, as `bucket_acl`."""

    def organization_version(self) -> int:
        """Return a number that changes whenever OUs, accounts, policies or attachments do."""

    def bucket_account(self, bucket: str) -> str | None:
        """Return the account that owns a bucket."""

    def bucket_region(self, bucket: str) -> str | None:
        """Return the region a bucket is in."""

    def access_point_at(self, arn: str) -> AccessPoint | None:
        """Return the access point of S3 that an ARN, of its own or of an object in it, names."""

    def bucket_policy(self, bucket: str) -> str | None:
        """Return the bucket policy."""

    def bucket_key(self, bucket: str) -> str | None:
        """Return the ARN of the KMS key of the bucket's default encryption; None for SSE-S3."""

    def object_key(self, bucket: str, key: str, version: str | None) -> str | None:
        """Return the ARN of the KMS key an object is encrypted with; None for SSE-S3."""

    def object_tags(self, bucket: str, key: str, version: str | None) -> Mapping[str, str]:
        """Return the tags of an object."""

    def public_access_block(self, account: str, bucket: str | None) -> frozenset[str]:
        """Return the S3 settings that are on (`RestrictPublicBuckets`, ...), of the bucket or,
        for None, of the account."""

    def key_policy(self, account: str, region: str, key_id: str) -> str | None:
        """Return the policy of a KMS key."""

    def key_grants(self, account: str, region: str, key_id: str) -> tuple[StoredGrant, ...]:
        """Return the grants on a KMS key."""

    def key_arn(self, account: str, region: str, key: str) -> str | None:
        """Return the key's ARN for a key id, key ARN, alias name or alias ARN."""

    def key_aliases(self, account: str, region: str, key_id: str) -> tuple[str, ...]:
        """Return the aliases (`alias/NAME`) of a KMS key."""

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """Return the resource policy on an ARN of the other services that have one: ECR
        repository, SNS topic, SQS queue, secret, event bus, Glue catalog, log resource policy."""

    def resource_tags(self, account: str, region: str, arn: str) -> Mapping[str, str]:
        """Return the tags of any resource by its ARN; empty where it has none or is not there."""

    def subnet(self, account: str, region: str, subnet_id: str) -> StoredSubnet | None:
        """Return a subnet."""

    def vpc_endpoints(self, account: str, region: str, vpc: str) -> tuple[StoredVpcEndpoint, ...]:
        """Return the endpoints of a VPC that are available."""

    def internet_address(self, account: str, region: str, subnet_id: str) -> str | None:
        """Return the public address of the NAT gateway that a subnet's default route leads to."""
