"""All the answers together, under the store's lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from landrail.localaws.store.access_points import AccessPoint, AccessPoints
from landrail.localaws.store.engine import MOTO_LOCK, Store
from landrail.localaws.store.sources import (
    acls,
    holders,
    iam,
    kms,
    named,
    network,
    organizations,
    others,
    s3,
)
from landrail.localaws.store.tables import Tables

NamedPolicy = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Organization:
    """What every call asks of the organization, as it was read under one version."""

    version: int
    identifier: str | None
    management: str | None
    paths: dict[str, str | None] = field(default_factory=dict)
    s3: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)


class StoreSources:
    """Policies, owners and tags, as the store has them now."""

    def __init__(self, store: Store, tables: Tables) -> None:
        self._store = store
        self._points = AccessPoints(tables)
        self._organization = _Organization(-1, None, None)

    def iam_user(self, account: str, name: str) -> iam.User | None:
        """Return the user."""
        with MOTO_LOCK:
            return iam.user(account, name)

    def iam_role(self, account: str, name: str) -> iam.Role | None:
        """Return the role."""
        with MOTO_LOCK:
            return iam.role(account, name)

    def iam_arn(self, account: str, kind: str, name: str) -> str | None:
        """Return the ARN of a named thing of IAM."""
        with MOTO_LOCK:
            return iam.arn(account, kind, name)

    def has_account(self, account: str) -> bool:
        """Whether the account is one of this local AWS."""
        with MOTO_LOCK:
            return organizations.path(account) is not None or holders.exists(account)

    def inline_policies(self, account: str, kind: str, name: str) -> tuple[NamedPolicy, ...]:
        """Return the inline policies of a `user`, `role` or `group`."""
        with MOTO_LOCK:
            return holders.inline(account, kind, name)

    def attached_policies(self, account: str, kind: str, name: str) -> tuple[str, ...]:
        """Return the ARNs of the managed policies of a `user`, `role` or `group`."""
        with MOTO_LOCK:
            return holders.attached(account, kind, name)

    def profile_roles(self, account: str, name: str) -> tuple[str, ...]:
        """Return the ARNs of the roles in an instance profile."""
        with MOTO_LOCK:
            return iam.profile_roles(account, name)

    def iam_boundary(self, account: str, kind: str, name: str) -> str | None:
        """Return the ARN of the permissions boundary of a role or user."""
        with MOTO_LOCK:
            return named.boundary(account, kind, name)

    def key_facts(self, key: str) -> Mapping[str, str]:
        """Return what a key is."""
        with MOTO_LOCK:
            return kms.facts(key)

    def vpc_of(self, account: str, region: str, resource: str) -> str | None:
        """Return the VPC of an EC2 resource."""
        with MOTO_LOCK:
            return named.vpc_of(account, region, resource)

    def access_key_user(self, access_key_id: str) -> str | None:
        """Return the ARN of the user an access key belongs to."""
        with MOTO_LOCK:
            return named.access_key_user(access_key_id)

    def secret_arn(self, account: str, region: str, name: str) -> str | None:
        """Return a secret's ARN by its name."""
        with MOTO_LOCK:
            return named.secret_arn(account, region, name)

    def resource_key(self, arn: str) -> str | None:
        """Return the ARN of the customer's key of a resource."""
        with MOTO_LOCK:
            return named.resource_key(arn)

    def associated(self, account: str, region: str, identifier: str) -> tuple[str, ...]:
        """Return what an association of EC2 joins."""
        with MOTO_LOCK:
            return named.associated(account, region, identifier)

    def organization_policy_type(self, policy_id: str) -> str | None:
        """Return the type of an organization policy."""
        with MOTO_LOCK:
            return organizations.policy_type(policy_id)

    def organization_id(self) -> str | None:
        """Return the organization's id."""
        return self._known_organization().identifier

    def management_account(self) -> str | None:
        """Return the management account's id."""
        return self._known_organization().management

    def organization_path(self, account: str) -> str | None:
        """Return the path of OUs down to an account."""
        known = self._known_organization()
        if account not in known.paths:
            with MOTO_LOCK:
                known.paths[account] = organizations.path(account)
        return known.paths[account]

    def _known_organization(self) -> _Organization:
        """The version rises under the lock, before the state changes: what is read afterwards,
        under the lock too, is at least that new."""
        version, known = self.organization_version(), self._organization
        if known.version != version:
            with MOTO_LOCK:
                identifier = organizations.organization_id()
                management = organizations.management_account()
            known = self._organization = _Organization(version, identifier, management)
        return known

    def policy_levels(
        self, account: str, policy_type: str
    ) -> tuple[tuple[str, tuple[NamedPolicy, ...]], ...]:
        """Return the policies of a type by level."""
        with MOTO_LOCK:
            return organizations.levels(account, policy_type)

    def s3_policies(self, account: str) -> tuple[tuple[str, ...], ...]:
        """Return the texts of the organization's S3 policies for an account by level, root
        first."""
        known = self._known_organization()
        if account not in known.s3:
            with MOTO_LOCK:
                levels = organizations.levels(account, "S3_POLICY")
            known.s3[account] = tuple(tuple(text for _, text in level) for _, level in levels)
        return known.s3[account]

    def bucket_ownership(self, bucket: str) -> str:
        """Return a bucket's object ownership setting."""
        with MOTO_LOCK:
            return acls.ownership(bucket)

    def takes_own_keys(self, bucket: str) -> bool:
        """Return whether a bucket takes objects under a key that comes with the request."""
        with MOTO_LOCK:
            return acls.takes_own_keys(bucket)

    def bucket_acl(self, bucket: str) -> tuple[acls.Given, ...]:
        """Return the grants of a bucket's access control list."""
        with MOTO_LOCK:
            return acls.of_bucket(bucket)

    def object_acl(self, bucket: str, key: str) -> tuple[acls.Given, ...]:
        """Return the grants of an object's access control list."""
        with MOTO_LOCK:
            return acls.of_object(bucket, key)

    def organization_version(self) -> int:
        """Return how often the organization may have changed."""
        return self._store.version("organizations")

    def bucket_account(self, bucket: str) -> str | None:
        """Return the owner of a bucket."""
        with MOTO_LOCK:
            return s3.account(bucket)

    def bucket_region(self, bucket: str) -> str | None:
        """Return the region of a bucket."""
        with MOTO_LOCK:
            return s3.region(bucket)

    def access_point(self, account: str, region: str, name: str) -> AccessPoint | None:
        """Return an access point of S3."""
        return self._points.get(account, region, name)

    def access_point_alias(self, alias: str) -> AccessPoint | None:
        """Return the access point of an alias."""
        return self._points.by_alias(alias)

    def access_point_at(self, arn: str) -> AccessPoint | None:
        """Return the access point that an ARN names."""
        return self._points.at(arn)

    def bucket_policy(self, bucket: str) -> str | None:
        """Return the bucket policy."""
        with MOTO_LOCK:
            return s3.policy(bucket)

    def bucket_key(self, bucket: str) -> str | None:
        """Return the ARN of the default KMS key."""
        with MOTO_LOCK:
            return self._key_arn(bucket, s3.default_key(bucket))

    def object_key(self, bucket: str, key: str, version: str | None) -> str | None:
        """Return the ARN of an object's KMS key."""
        with MOTO_LOCK:
            return self._key_arn(bucket, s3.object_key(bucket, key, version))

    def _key_arn(self, bucket: str, name: str | None) -> str | None:
        """A key is named from its bucket's account and region. One that is not found is still
        returned, as an ARN that no policy allows: an unknown key must not open an object."""
        if name is None:
            return None
        account, region = s3.account(bucket) or "", s3.region(bucket) or ""
        unknown = name if name.startswith("arn:") else f"arn:aws:kms:{region}:{account}:key/{name}"
        return kms.arn(account, region, name) or unknown

    def object_tags(self, bucket: str, key: str, version: str | None) -> Mapping[str, str]:
        """Return the tags of an object."""
        with MOTO_LOCK:
            return s3.object_tags(bucket, key, version)

    def public_access_block(self, account: str, bucket: str | None) -> frozenset[str]:
        """Return the public-access settings that are on."""
        with MOTO_LOCK:
            return s3.public_access_block(account, bucket)

    def key_policy(self, account: str, region: str, key_id: str) -> str | None:
        """Return a key's policy."""
        with MOTO_LOCK:
            return kms.policy(account, region, key_id)

    def key_grants(self, account: str, region: str, key_id: str) -> tuple[kms.Grant, ...]:
        """Return the grants on a key."""
        with MOTO_LOCK:
            return kms.grants(account, region, key_id)

    def key_arn(self, account: str, region: str, key: str) -> str | None:
        """Return a key's ARN."""
        with MOTO_LOCK:
            return kms.arn(account, region, key)

    def key_aliases(self, account: str, region: str, key_id: str) -> tuple[str, ...]:
        """Return a key's aliases."""
        with MOTO_LOCK:
            return kms.aliases(account, region, key_id)

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        """Return the resource policy on an ARN of another service."""
        return others.resource_policy(self._store.execute, account, region, arn)

    def resource_tags(self, account: str, region: str, arn: str) -> Mapping[str, str]:
        """Return the tags of a resource."""
        with MOTO_LOCK:
            return others.resource_tags(account, region, arn)

    def subnet(self, account: str, region: str, subnet_id: str) -> network.Subnet | None:
        """Return a subnet."""
        with MOTO_LOCK:
            return network.subnet(account, region, subnet_id)

    def subnets(self, account: str, region: str) -> tuple[network.Subnet, ...]:
        """Return the subnets of an account's own VPCs."""
        with MOTO_LOCK:
            return network.subnets(account, region)

    def vpc_endpoints(self, account: str, region: str, vpc: str) -> tuple[network.VpcEndpoint, ...]:
        """Return the endpoints of a VPC."""
        with MOTO_LOCK:
            return network.vpc_endpoints(account, region, vpc)

    def internet_address(self, account: str, region: str, subnet_id: str) -> str | None:
        """Return the public address of a subnet's NAT gateway."""
        with MOTO_LOCK:
            return network.internet_address(account, region, subnet_id)
