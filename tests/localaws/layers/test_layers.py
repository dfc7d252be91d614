"""Which policies have a say in a call, and which keys it has, from what a store holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import pytest

from landrail.localaws.api import Caller
from landrail.localaws.layers import Circumstances, Layers, Unreadable, Way, blocked_as_public
from landrail.localaws.store import canonical_id
from landrail.policy import Layer, Outcome

HOME, OTHER, MANAGEMENT = "111122223333", "444455556666", "999988887777"
REGION = "eu-west-1"
ALL = [{"Effect": "Allow", "Action": "*", "Resource": "*"}]


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

    def s3_policies(self, account: str) -> tuple[str, ...]:
        return self.s3

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
        return ()

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


OBJECT = "arn:aws:s3:::b/k"


def test_identity_policies_of_a_role_and_of_one_made_anew() -> None:
    held = store()
    assert decide(held, caller(), "s3:GetObject", OBJECT).allowed
    held.roles[(HOME, "r")] = replace(held.roles[(HOME, "r")], role_id="AROANEW")
    assert not decide(held, caller(), "s3:GetObject", OBJECT).allowed
    del held.roles[(HOME, "r")]
    assert not decide(held, caller(), "s3:GetObject", OBJECT).allowed


def test_a_resource_does_not_know_the_session_of_a_role_that_is_gone() -> None:
    held = store()
    role = f"arn:aws:iam::{HOME}:role/r"
    named = [role, f"arn:aws:sts::{HOME}:assumed-role/r/s"]
    for principal in named:
        held.bucket = text(
            [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": principal},
                    "Action": "s3:*",
                    "Resource": "*",
                }
            ]
        )
        held.roles[(HOME, "r")] = Role(role, policies=())
        assert decide(held, caller(), "s3:GetObject", OBJECT).allowed
        held.roles[(HOME, "r")] = Role(role, policies=(), role_id="AROANEW")
        assert not decide(held, caller(), "s3:GetObject", OBJECT).allowed
        del held.roles[(HOME, "r")]
        assert not decide(held, caller(), "s3:GetObject", OBJECT).allowed


def test_boundary_and_session_policies() -> None:
    held = store()
    nothing = text([{"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}])
    held.roles[(HOME, "b")] = Role(f"arn:aws:iam::{HOME}:role/b", boundary=("limit", nothing))
    bounded = decide(held, caller(name="b"), "s3:GetObject", OBJECT)
    assert (bounded.outcome, bounded.layer) == (Outcome.IMPLICIT_DENY, Layer.BOUNDARY)
    limited = decide(held, caller(session_policies=(nothing,)), "s3:GetObject", OBJECT)
    assert limited.layer is Layer.SESSION


def test_scps_bind_members_and_not_the_management_account() -> None:
    deny = text([*ALL, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}])
    held = store(levels={"SERVICE_CONTROL_POLICY": (("ou/X", (("guardrail", deny),)),)})
    denied = decide(held, caller(), "s3:GetObject", OBJECT)
    assert denied.layer is Layer.SCP
    assert "`guardrail`" in denied.reason
    assert "attached to ou/X" in denied.reason
    managed = decide(held, caller(MANAGEMENT), "s3:GetObject", OBJECT, account=MANAGEMENT)
    assert managed.allowed


def test_guardrails_are_read_again_when_the_organization_changes() -> None:
    held = store()
    layers = Layers(held, lambda account, region, arn: None)
    asked = (caller(), "s3:GetObject", OBJECT, HOME, NOW)
    assert layers.decide(*asked).allowed
    held.levels = {"SERVICE_CONTROL_POLICY": (("root", ()),)}
    held.version += 1
    assert not layers.decide(*asked).allowed


@dataclass
class Overtaken(Store):
    """A store whose guardrails change while somebody who asked before still reads the old ones."""

    meanwhile: Any = None

    def policy_levels(self, account: str, policy_type: str) -> Any:
        old = super().policy_levels(account, policy_type)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return old


def test_guardrails_read_before_a_change_are_not_kept_after_it() -> None:
    usual = store()
    held = Overtaken(**{item.name: getattr(usual, item.name) for item in fields(usual)})
    layers = Layers(held, lambda account, region, arn: None)
    asked = (caller(), "s3:GetObject", OBJECT, HOME, NOW)

    def changed() -> None:
        held.levels = {"SERVICE_CONTROL_POLICY": (("root", ()),)}
        held.version += 1
        assert not layers.decide(*asked).allowed

    held.meanwhile = changed
    assert layers.decide(*asked).allowed
    assert not layers.decide(*asked).allowed


def test_other_accounts_need_the_bucket_policy() -> None:
    held = store()
    assert not decide(held, caller(OTHER), "s3:GetObject", OBJECT).allowed
    held.bucket = text(
        [{"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "s3:*", "Resource": "*"}]
    )
    assert decide(held, caller(OTHER), "s3:GetObject", OBJECT).allowed
    held.bucket = text([{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}])
    assert decide(held, caller(OTHER), "s3:GetObject", OBJECT).allowed
    held.block = frozenset({"RestrictPublicBuckets"})
    assert decide(held, caller(OTHER), "s3:GetObject", OBJECT).layer is Layer.PUBLIC_ACCESS


def test_a_key_needs_its_policy_and_sees_the_service_that_asks() -> None:
    held = store()
    key = f"arn:aws:kms:{REGION}:{HOME}:key/k"
    # A key that is not there: a call to KMS goes on and finds nothing, a use by S3 does not.
    assert decide(held, caller(), "kms:Decrypt", key).allowed
    assert not decide(held, caller(), "kms:Decrypt", key, via="s3.amazonaws.com").allowed
    assert not decide(held, caller(OTHER), "kms:Decrypt", key).allowed
    held.key = text(
        [
            {
                "Effect": "Allow",
                "Principal": {"AWS": HOME},
                "Action": "kms:*",
                "Resource": "*",
                "Condition": {
                    "StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"},
                    "Bool": {"aws:ViaAWSService": "true"},
                },
            }
        ]
    )
    assert not decide(held, caller(), "kms:Decrypt", key).allowed
    through = {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}
    assert decide(
        held, caller(), "kms:Decrypt", key, context=through, via="s3.amazonaws.com"
    ).allowed


def test_trust_decides_who_enters_and_missing_roles_are_not_entered() -> None:
    held = store()
    target = f"arn:aws:iam::{OTHER}:role/landrail/release"
    asked = (caller(), "sts:AssumeRole", target)
    assert not decide(held, *asked, account=OTHER).allowed
    trust = text(
        [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{HOME}:role/r"},
                "Action": "sts:AssumeRole",
            }
        ]
    )
    held.roles[(OTHER, "release")] = Role(target, trust=trust)
    assert decide(held, *asked, account=OTHER).allowed
    wrong_path = f"arn:aws:iam::{OTHER}:role/release"
    assert not decide(held, caller(), "sts:AssumeRole", wrong_path, account=OTHER).allowed


def test_a_token_of_an_identity_provider_enters_by_trust() -> None:
    held = store()
    provider = f"arn:aws:iam::{HOME}:oidc-provider/id.example"
    target = f"arn:aws:iam::{HOME}:role/people"
    trust = text(
        [
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": {"id.example:sub": "ana"}},
            }
        ]
    )
    held.roles[(HOME, "people")] = Role(target, trust=trust)
    nobody = Caller(kind="anonymous", arn="", account=None)

    def enter(subject: str, issuer: str) -> bool:
        came = replace(NOW, provider=issuer, extra={"id.example:sub": subject})
        action = "sts:AssumeRoleWithWebIdentity"
        return bool(decide(held, nobody, action, target, circumstances=came).allowed)

    assert enter("ana", provider)
    assert not enter("ben", provider)
    assert not enter("ana", f"arn:aws:iam::{OTHER}:oidc-provider/id.example")


def test_services_act_by_themselves_only_for_what_is_theirs() -> None:
    held = store()
    config = Caller(kind="service", arn="config.amazonaws.com", account=None)
    assert decide(held, config, "s3:GetBucketPolicy", "arn:aws:s3:::b").allowed
    assert not decide(held, config, "s3:GetObject", OBJECT).allowed
    assert not decide(held, config, "s3:DeleteBucket", "arn:aws:s3:::b").allowed


def test_policies_of_our_own_services_are_found_by_their_holder() -> None:
    held = store()
    package = f"arn:aws:sagemaker:{REGION}:{HOME}:model-package/churn/1"
    shared = text(
        [{"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "sagemaker:*", "Resource": "*"}]
    )
    action = "sagemaker:DescribeModelPackage"
    assert not decide(held, caller(OTHER), action, package).allowed
    assert decide(held, caller(OTHER), action, package, ours=shared).allowed


def keys_of(who: Caller, circumstances: Circumstances = NOW, **more: Any) -> Mapping[str, Any]:
    layers = Layers(store(), lambda account, region, arn: None)
    request, _ = layers.collect(who, "s3:GetObject", OBJECT, HOME, circumstances, **more)
    return request.context


def test_derived_keys_are_the_gateways() -> None:
    claimed = {"aws:SourceIp": "8.8.8.8", "aws:PrincipalOrgID": "o-z", "aws:ViaAWSService": "true"}
    keys = keys_of(caller(), context=claimed)
    assert keys["aws:SourceIp"] == "127.0.0.1"
    assert keys["aws:PrincipalOrgID"] == keys["aws:ResourceOrgID"] == "o-a"
    assert keys["aws:PrincipalOrgPaths"] == ("o-a/r-b/ou-c/",)
    assert keys["aws:ViaAWSService"] == "false"
    assert keys["aws:RequestedRegion"] == REGION
    assert keys["aws:ResourceAccount"] == HOME
    assert keys["aws:TokenIssueTime"].startswith("2026-")
    assert "aws:MultiFactorAuthPresent" not in keys
    assert keys_of(caller(mfa=True))["aws:MultiFactorAuthAge"] == "60"


def test_network_keys_do_not_go_with_a_service() -> None:
    inside = replace(NOW, way=Way(vpc="vpc-1", vpce="vpce-1"))
    direct = keys_of(caller(), inside)
    assert (direct["aws:SourceVpc"], direct["aws:SourceVpce"]) == ("vpc-1", "vpce-1")
    through = keys_of(caller(), inside, via="s3.amazonaws.com")
    assert "aws:SourceVpc" not in through
    assert through["aws:CalledVia"] == ("s3.amazonaws.com",)


def test_tags_of_the_resource_are_read_where_a_policy_asks() -> None:
    by_tag = text(
        [
            {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"StringEquals": {"aws:ResourceTag/team": "churn"}},
            }
        ]
    )
    held = store(tags={"team": "churn"})
    held.roles[(HOME, "r")] = Role(f"arn:aws:iam::{HOME}:role/r", policies=(("tag", by_tag),))
    endpoint = f"arn:aws:sagemaker:{REGION}:{HOME}:endpoint/e"
    assert decide(held, caller(), "sagemaker:DeleteEndpoint", endpoint).allowed
    held.tags = {}
    assert not decide(held, caller(), "sagemaker:DeleteEndpoint", endpoint).allowed
    claimed = {"aws:RequestTag/team": "churn"}
    assert not decide(held, caller(), "sagemaker:AddTags", endpoint, context=claimed).allowed
    assert decide(held, caller(), "sagemaker:CreateEndpoint", endpoint, context=claimed).allowed


def test_a_policy_that_cannot_be_read_stops_the_decision() -> None:
    held = store()
    held.roles[(HOME, "r")] = Role(f"arn:aws:iam::{HOME}:role/r", policies=(("bad", "{}"),))
    with pytest.raises(Unreadable, match="`bad`"):
        decide(held, caller(), "s3:GetObject", OBJECT)


def test_what_would_make_a_bucket_public_is_refused_by_the_settings() -> None:
    public = text([{"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}])
    private = text(
        [{"Effect": "Allow", "Principal": {"AWS": OTHER}, "Action": "s3:*", "Resource": "*"}]
    )
    held = store(block=frozenset({"BlockPublicPolicy", "BlockPublicAcls"}))

    def refused(operation: str, source: Store = held, **params: Any) -> str | None:
        return blocked_as_public("s3", operation, {"Bucket": "b", **params}, HOME, source)

    assert refused("PutBucketPolicy", Policy=public) == "BlockPublicPolicy"
    assert refused("PutBucketPolicy", Policy=private) is None
    assert refused("PutBucketPolicy", store(), Policy=public) is None
    assert refused("PutObject", Key="k", ACL="public-read") == "BlockPublicAcls"
    assert refused("PutObject", Key="k", ACL="private") is None


def _s3_policy(value: str) -> str:
    block = {"public_access_block_configuration": {"@@assign": value}}
    return json.dumps({"s3_attributes": block})


def test_the_organization_blocks_public_access_for_its_accounts() -> None:
    everything = {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    public = text([everything])

    def refused(held: Store, operation: str, service: str = "s3") -> str | None:
        params = {"Bucket": "b", "Policy": public}
        return blocked_as_public(service, operation, params, HOME, held)

    everybody = Caller("anonymous", "", None)
    for texts, on in (
        ((), False),
        ((_s3_policy("all"),), True),
        ((_s3_policy("all"), _s3_policy("none")), False),
        ((_s3_policy("none"), _s3_policy("all")), True),
        (("not JSON",), True),
    ):
        held = store(s3=texts, bucket=public)
        assert (refused(held, "PutBucketPolicy") == "BlockPublicPolicy") is on
        assert decide(held, everybody, "s3:GetObject", OBJECT).allowed is not on
        managed = refused(held, "PutPublicAccessBlock", "s3control")
        assert (managed is not None) is bool(texts)


EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"
USERS = "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"


@pytest.mark.parametrize(
    ("grantee", "who", "allowed"),
    [
        (EVERYBODY, Caller("anonymous", "", None), True),
        (USERS, Caller("anonymous", "", None), False),
        (USERS, Caller("user", f"arn:aws:iam::{OTHER}:user/u", OTHER), False),
        (USERS, Caller("root", f"arn:aws:iam::{OTHER}:root", OTHER), True),
        (canonical_id(OTHER), Caller("root", f"arn:aws:iam::{OTHER}:root", OTHER), True),
        (canonical_id(HOME), Caller("root", f"arn:aws:iam::{OTHER}:root", OTHER), False),
        ("owner", Caller("root", f"arn:aws:iam::{OTHER}:root", OTHER), False),
        ("owner", Caller("root", f"arn:aws:iam::{HOME}:root", HOME), True),
    ],
)
def test_lists_grant_where_ownership_lets_them(grantee: str, who: Caller, allowed: bool) -> None:
    held = store(ownership="ObjectWriter", acl=((grantee, "READ"),))
    assert decide(held, who, "s3:GetObject", OBJECT).allowed is allowed
    assert decide(held, who, "s3:ListBucket", "arn:aws:s3:::b").allowed is allowed
    # Another permission, a version by its id and a bucket without lists: nothing from the list.
    own = who.account == HOME
    assert decide(held, who, "s3:PutObject", OBJECT).allowed is own
    assert decide(held, who, "s3:GetObjectVersion", OBJECT).allowed is own
    held.ownership = "BucketOwnerEnforced"
    assert decide(held, who, "s3:GetObject", OBJECT).allowed is own


def test_public_lists_are_ignored_where_the_settings_say_so() -> None:
    everybody = Caller("anonymous", "", None)
    held = store(ownership="ObjectWriter", acl=((EVERYBODY, "READ"),))
    assert decide(held, everybody, "s3:GetObject", OBJECT).allowed
    held.block = frozenset({"IgnorePublicAcls"})
    assert not decide(held, everybody, "s3:GetObject", OBJECT).allowed


def test_a_denial_of_the_policy_stands_over_the_list() -> None:
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
    everybody = Caller("anonymous", "", None)
    held = store(ownership="ObjectWriter", acl=((EVERYBODY, "READ"),), bucket=text([deny]))
    assert not decide(held, everybody, "s3:GetObject", OBJECT).allowed
    assert decide(held, everybody, "s3:ListBucket", "arn:aws:s3:::b").allowed
