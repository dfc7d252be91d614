"""Users and roles, with every policy that is theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landrail.localaws.store.peek import backend
from landrail.localaws.store.sources import holders

NamedPolicy = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Role:
    """A role as IAM has it."""

    arn: str
    role_id: str
    trust: str
    policies: tuple[NamedPolicy, ...]
    boundary: NamedPolicy | None
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class User:
    """A user as IAM has it."""

    arn: str
    user_id: str
    policies: tuple[NamedPolicy, ...]
    boundary: NamedPolicy | None
    tags: Mapping[str, str]


def role(account: str, name: str) -> Role | None:
    """Return a role by its name."""
    iam, found = backend("iam", account), holders.find(account, "role", name)
    if found is None:
        return None
    return Role(
        arn=found.arn,
        role_id=found.id,
        trust=found.assume_role_policy_document,
        policies=_policies(found),
        boundary=_boundary(iam, found.permissions_boundary_arn),
        tags=_tags(found.tags),
    )


def user(account: str, name: str) -> User | None:
    """Return a user by its name."""
    iam = backend("iam", account)
    found = None if iam is None else iam.users.get(name)
    if iam is None or found is None:
        return None
    groups = [group for group in iam.groups.values() if found in group.users]
    policies = _policies(found)
    for group in groups:
        policies += _policies(group)
    return User(
        arn=found.arn,
        user_id=found.id,
        policies=policies,
        boundary=_boundary(iam, getattr(found, "permissions_boundary_arn", None)),
        tags=iam.tagger.get_tag_dict_for_resource(found.arn),
    )


def _policies(holder: Any) -> tuple[NamedPolicy, ...]:
    inline = tuple((str(name), str(text)) for name, text in holder.policies.items())
    managed = tuple(_managed(policy) for policy in holder.managed_policies.values())
    return inline + managed


def _managed(policy: Any) -> NamedPolicy:
    name = policy.arn if ":iam::aws:policy/" in policy.arn else policy.name
    for version in policy.versions:
        if version.version_id == policy.default_version_id:
            return str(name), str(version.document)
    raise LookupError(f"{policy.arn} has no default version")


def _boundary(iam: Any, arn: str | None) -> NamedPolicy | None:
    if not arn:
        return None
    policy = iam.managed_policies.get(arn)
    if policy is None:
        # A boundary that is gone allows nothing.
        return arn, '{"Version": "2012-10-17", "Statement": []}'
    return _managed(policy)


def _tags(kept: Any) -> Mapping[str, str]:
    """moto keeps a role's tags as a list, or by key in lower case, as they were put."""
    items = kept.values() if isinstance(kept, dict) else kept or ()
    return {str(item["Key"]): str(item["Value"]) for item in items}


def arn(account: str, kind: str, name: str) -> str | None:
    """Return the ARN of a `user`, `role`, `group`, `policy` or `instance-profile` by its name."""
    iam = backend("iam", account)
    if iam is None:
        return None
    holders: dict[str, Any] = {
        "user": iam.users,
        "role": iam.roles,
        "group": iam.groups,
        "policy": iam.managed_policies,
        "instance-profile": iam.instance_profiles,
    }
    for found in holders[kind].values():
        if found.name == name:
            return str(found.arn)
    return None


def profile_roles(account: str, name: str) -> tuple[str, ...]:
    """Return the ARNs of the roles in an instance profile."""
    iam = backend("iam", account)
    for profile in () if iam is None else iam.instance_profiles.values():
        if profile.name == name:
            return tuple(str(found.arn) for found in profile.roles)
    return ()
