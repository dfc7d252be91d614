"""A store in memory that holds what the layers ask for, and a decision over it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from landrail.localaws.api import Caller
from landrail.localaws.layers import Circumstances, Layers, Way

HOME, OTHER, MANAGEMENT = "111122223333", "444455556666", "999988887777"
REGION = "eu-west-1"
ALL = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]
OBJECT = "arn:aws:s3:::b/k"


def text(statements: list[dict[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


@dataclass(frozen=True)
class Role:
    arn: str
    role_id: str = "AROAEXAMPLE"
    trust: str = ""
    policies: tuple[tuple[str, str], ...] = (("all", text(ALL)),)
    boundary: tuple[str, str] | None = None
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Store:
    """A store of one organization: a management account and two members."""

    roles: dict[tuple[str, str], Role] = field(default_factory=dict)
    levels: dict[str, tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = field(
        default_factory=dict
    )
    bucket: str | None = None
    key: str | None = None
    block: frozenset[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)
    version: int = 0
    s3: tuple[str, ...] = ()
    ownership: str = "BucketOwnerEnforced"
    acl: tuple[tuple[str, str], ...] = ()
    grants: tuple[Any, ...] = ()

    def s3_policies(self, account: str) -> tuple[tuple[str, ...], ...]:
        return tuple((text,) for text in self.s3)

    def access_point_at(self, arn: str) -> None:
        return None

    def bucket_ownership(self, bucket: str) -> str:
        return self.ownership

    def bucket_acl(self, bucket: str) -> tuple[tuple[str, str], ...]:
        return self.acl

    def object_acl(self, bucket: str, key: str) -> tuple[tuple[str, str], ...]:
        return self.acl

    def iam_user(self, account: str, name: str) -> None:
        return None

    def iam_role(self, account: str, name: str) -> Role | None:
        return self.roles.get((account, name))

    def iam_arn(self, account: str, kind: str, name: str) -> str | None:
        return None

    def profile_roles(self, account: str, name: str) -> tuple[str, ...]:
        return ()

    def organization_id(self) -> str | None:
        return "o-a"

    def management_account(self) -> str | None:
        return MANAGEMENT

    def organization_path(self, account: str) -> str | None:
        return "o-a/r-b/ou-c/" if account in (HOME, OTHER) else None

    def organization_policy_type(self, policy_id: str) -> str | None:
        return None

    def policy_levels(self, account: str, policy_type: str) -> Any:
        return self.levels.get(policy_type, ())

    def organization_version(self) -> int:
        return self.version

    def bucket_account(self, bucket: str) -> str | None:
        return HOME

    def bucket_region(self, bucket: str) -> str | None:
        return REGION

    def bucket_policy(self, bucket: str) -> str | None:
        return self.bucket

    def bucket_key(self, bucket: str) -> str | None:
        return None

    def object_key(self, bucket: str, key: str, version: str | None) -> str | None:
        return None

    def object_tags(self, bucket: str, key: str, version: str | None) -> Mapping[str, str]:
        return self.tags

    def public_access_block(self, account: str, bucket: str | None) -> frozenset[str]:
        return self.block if bucket is None else frozenset()

    def key_policy(self, account: str, region: str, key_id: str) -> str | None:
        return self.key

    def key_grants(self, account: str, region: str, key_id: str) -> tuple[Any, ...]:
        return self.grants

    def key_arn(self, account: str, region: str, key: str) -> str | None:
        return None

    def key_aliases(self, account: str, region: str, key_id: str) -> tuple[str, ...]:
        return ()

    def resource_policy(self, account: str, region: str, arn: str) -> str | None:
        return None

    def resource_tags(self, account: str, region: str, arn: str) -> Mapping[str, str]:
        return self.tags


def caller(account: str = HOME, name: str = "r", **more: Any) -> Caller:
    return Caller(
        kind="session",
        arn=f"arn:aws:sts::{account}:assumed-role/{name}/s",
        account=account,
        user_id="AROAEXAMPLE:s",
        role_arn=f"arn:aws:iam::{account}:role/{name}",
        session_name="s",
        issued_at=1_790_000_000.0,
        **more,
    )


def store(**more: Any) -> Store:
    roles = {(a, "r"): Role(f"arn:aws:iam::{a}:role/r") for a in (HOME, OTHER, MANAGEMENT)}
    return Store(roles=roles, **more)


NOW = Circumstances(REGION, now=1_790_000_060.0, way=Way(source_ip="127.0.0.1"))


def decide(held: Store, who: Caller, action: str, resource: str, **more: Any) -> Any:
    layers = Layers(held, lambda account, region, arn: more.get("ours"))
    return layers.decide(
        who,
        action,
        resource,
        more.get("account", HOME),
        more.get("circumstances", NOW),
        context=more.get("context"),
        via=more.get("via"),
    )
