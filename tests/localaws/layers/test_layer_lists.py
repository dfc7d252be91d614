"""Access control lists and public access settings: what they open and close beside policies."""

from __future__ import annotations

import json
from typing import Any

import pytest
from layers_store import HOME, OBJECT, OTHER, Store, decide, store, text

from landrail.localaws.api import Caller
from landrail.localaws.layers import blocked_as_public
from landrail.localaws.store import canonical_id

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
