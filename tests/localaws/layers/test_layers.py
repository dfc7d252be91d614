"""Which policies have a say in a call, from what a store holds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from layers_store import HOME, NOW, OBJECT, OTHER, REGION, Role, caller, decide, store, text

from landrail.localaws.api import Caller
from landrail.localaws.layers import Unreadable
from landrail.policy import Layer, Outcome


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


def test_a_policy_that_cannot_be_read_stops_the_decision() -> None:
    held = store()
    held.roles[(HOME, "r")] = Role(f"arn:aws:iam::{HOME}:role/r", policies=(("bad", "{}"),))
    with pytest.raises(Unreadable, match="`bad`"):
        decide(held, caller(), "s3:GetObject", OBJECT)
